$ yes -- '- a' | head -n 500001 > a.yaml
$ timeout 30 runbook check a.yaml
a.yaml:500000:3: error[RB0052]: more than 500000 texts, lists and maps
