$ printf 'runbook: 1\nname: A\nsteps:\n  - git: nowhere\n    assert: [clean]\n' > a.yaml
$ runbook run a.yaml
error[RB0411]: failed to resolve path '
/nowhere': No such file or
  --> a.yaml:4:10
exit 1
