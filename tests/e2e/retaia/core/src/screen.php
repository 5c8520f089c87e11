<?php
// What SymfonyStyle prints without a terminal.

function block(string $kind, string $text): void
{
    printf("\n %s\n\n", str_pad("[$kind] $text", 78));
}

function table(array $head, array $rows): void
{
    $widths = array_map(fn ($at) => max(array_map(fn ($row) => strlen((string) $row[$at]), [$head, ...$rows])),
        array_keys($head));
    $rule = ' ' . implode(' ', array_map(fn ($width) => str_repeat('-', $width + 2), $widths)) . " \n";
    $line = fn ($row) => '  ' . implode('   ', array_map(
        fn ($cell, $width) => str_pad((string) $cell, $width), $row, $widths)) . "  \n";
    echo $rule, $line($head), $rule, implode('', array_map($line, $rows)), $rule, "\n";
}
