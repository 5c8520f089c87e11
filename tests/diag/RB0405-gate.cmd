# who may answer is known in the run only
$ printf 'runbook: 1\nname: A\nsteps:\n  - {id: who, run: echo no_such_user, effect: read, capture: {name: text}}\n  - approve: Go?\n    id: go\n    by: ["${{ steps.who.name }}"]\n' > a.yaml
$ runbook run a.yaml --approve go
error[RB0405]: refused by 
: this user is not one of those who may answer
  --> a.yaml:5:14
exit 1
