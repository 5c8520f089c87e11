$ printf 'runbook: 1\nname: A\nsteps:\n  - shell: kill -9 $$\n' > a.yaml
$ runbook run a.yaml
error[RB0404]: the command was ended by SIGKILL (out of memory?)
  --> a.yaml:4:12
exit 1
