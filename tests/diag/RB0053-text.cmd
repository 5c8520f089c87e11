# One byte less is read.
$ { printf 'runbook: 1\nname: '; head -c 262144 /dev/zero | tr '\0' a; printf '\nsteps: [{run: ls}]\n'; } > a.yaml
$ runbook check a.yaml
a.yaml: ok, 1 step
$ { printf 'runbook: 1\nname: '; head -c 262145 /dev/zero | tr '\0' a; printf '\nsteps: [{run: ls}]\n'; } > b.yaml
$ runbook check b.yaml
b.yaml:2:7: error[RB0053]: text longer than 256 KiB
