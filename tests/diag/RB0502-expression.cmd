# A condition that errs never counts as false.
$ printf 'runbook: 1\nname: A\nsteps:\n  - run: echo 3\n    id: three\n  - run: touch ran\n    when: steps.three.json.size.x == 1\n' > a.yaml
$ runbook run a.yaml; code=$?; ls; exit $code
error[RB0502]: 
  --> a.yaml:7:11
exit 1
