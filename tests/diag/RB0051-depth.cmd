# Where it is too deep the reader stops, so that 100,000 brackets take no longer than 65.
$ head -c 100000 /dev/zero | tr '\0' '[' > brackets.yaml
$ timeout 10 runbook check brackets.yaml
brackets.yaml:1:65: error[RB0051]: nesting deeper than 64
      = hint: Nothing in a runbook needs this depth. Is a bracket not closed?
1 error
$ yes -- - | head -n 50000 | tr '\n' ' ' > dashes.yaml
$ timeout 10 runbook check dashes.yaml
dashes.yaml:1:129: error[RB0051]: nesting deeper than 64
$ awk 'BEGIN { for (i = 0; i < 66; i++) printf "%*sa:\n", i, "" }' > keys.yaml
$ timeout 10 runbook check keys.yaml
keys.yaml:65:65: error[RB0051]: nesting deeper than 64
