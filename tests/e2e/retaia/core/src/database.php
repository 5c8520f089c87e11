<?php
// PostgreSQL, as DATABASE_URL names it, and the migrations that this build brings.

function database(): PDO
{
    return new PDO(getenv('DATABASE_URL'), 'core', null, [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
}

/** Version => SQL, in order. */
function migrations(): array
{
    return (require __DIR__ . '/../release.php')['migrations'];
}

/** The versions that are in place, oldest first. */
function migrated(PDO $database): array
{
    $database->exec('create table if not exists doctrine_migration_versions (
        version text primary key, executed_at timestamptz not null default now())');
    return $database->query('select version from doctrine_migration_versions order by version')
        ->fetchAll(PDO::FETCH_COLUMN);
}

function pending(PDO $database): array
{
    return array_diff(array_keys(migrations()), migrated($database));
}

function number(PDO $database, string $query, array $values): int
{
    $statement = $database->prepare($query);
    $statement->execute($values);
    return (int) $statement->fetchColumn();
}
