<?php
// The API of Retaia Core, as far as the procedure looks at it.

require __DIR__ . '/../src/database.php';
$release = require __DIR__ . '/../release.php';
header('Content-Type: application/json');
if ($_SERVER['REQUEST_URI'] !== '/api/v1/health' || !$release['health']) {
    http_response_code(404);
    echo json_encode(['title' => 'Not Found',
        'detail' => "No route found for \"{$_SERVER['REQUEST_METHOD']} {$_SERVER['REQUEST_URI']}\""],
        JSON_UNESCAPED_SLASHES);
    exit;
}
try {
    database()->query('select 1');
    echo json_encode(['status' => 'ok', 'version' => $release['version']]);
} catch (PDOException) {
    http_response_code(503);
    echo json_encode(['status' => 'down']);
}
