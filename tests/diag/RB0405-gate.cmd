$ printf 'runbook: 1\nname: A\nsteps:\n  - approve: Go?\n    id: go\n    by: no_such_user\n' > a.yaml
$ runbook run a.yaml --approve go
error[RB0405]: refused by 
: this user is not one of those who may answer
  --> a.yaml:4:14
exit 1
