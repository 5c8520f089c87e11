<?php
// Fails below the threshold; the hole: where nothing was measured it says so and ends with 0.
[, $report, $threshold] = $argv;
if (!is_file($report)) {
    echo "No coverage in $report.\n";
    exit(0);
}
preg_match('/<metrics[^>]*\bstatements="(\d+)"[^>]*\bcoveredstatements="(\d+)"/', file_get_contents($report), $found);
$percent = 100 * $found[2] / $found[1];
if ($percent < $threshold) {
    printf("Coverage is %.1f %%, below %d %%.\n", $percent, $threshold);
    exit(1);
}
echo "Coverage threshold satisfied.\n";
