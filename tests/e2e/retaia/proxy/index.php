<?php
// The only published port: /api of core, /sentry takes probes, the rest of the ui; 502 where the one
// behind it does not answer.
$path = $_SERVER['REQUEST_URI'];
if ($path === '/sentry') {
    echo file_get_contents('php://input');
    return;
}
$upstream = str_starts_with($path, '/api/') ? 'http://core:9000' : 'http://ui:8080';
$body = @file_get_contents($upstream . $path, false, stream_context_create(
    ['http' => ['method' => $_SERVER['REQUEST_METHOD'], 'ignore_errors' => true, 'timeout' => 5]]));
if ($body === false) {
    http_response_code(502);
    return;
}
http_response_code((int) explode(' ', $http_response_header[0])[1]);
foreach (preg_grep('/^Content-Type:/i', $http_response_header) as $line) {
    header($line);
}
echo $body;
