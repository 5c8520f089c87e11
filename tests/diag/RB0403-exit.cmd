$ printf 'runbook: 1\nname: A\nsteps:\n  - run: sh -c "echo almost; echo broken >&2; exit 3"\n    exit: [0, 4-9]\n' > a.yaml
$ runbook run a.yaml
error[RB0403]: unexpected exit code
  --> a.yaml:4:10
expected: 0, 4-9
actual:   3
almost
broken
exit 1
