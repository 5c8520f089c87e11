$ printf 'runbook: 1\nname: A\nsteps:\n  - run: echo 3\n    capture: {a: json.b}\n' > a.yaml
$ runbook run a.yaml
error[RB0504]: int has no fields or items
  --> a.yaml:5:18
exit 1
