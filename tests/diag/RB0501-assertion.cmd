$ printf 'runbook: 1\nname: A\nsteps:\n  - run: echo 3\n    assert: ["text == \047 4\047 || size(lines) > 1"]\n' > a.yaml
$ runbook run a.yaml
error[RB0501]: assertion is false
  --> a.yaml:5:15
"3" (string)
exit 1
