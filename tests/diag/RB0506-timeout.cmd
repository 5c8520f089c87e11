$ printf 'runbook: 1\nname: A\nsteps:\n  - run: sleep 60\n    timeout: 100ms\n' > a.yaml
$ runbook run a.yaml
error[RB0506]: timed out after 100ms (the step's timeout)
  --> a.yaml:4:10
exit 1
