$ printf 'runbook: 1\nname: Called\npreconditions:\n  - name: Nothing holds\n    run: "false"\n    effect: read\nsteps:\n  - run: touch ran\n' > called.yaml
$ printf 'runbook: 1\nname: A\nsteps:\n  - call: ./called.yaml\n    id: it\n' > a.yaml
$ runbook run a.yaml; code=$?; ls ran; exit $code
error[RB0508]: preconditions of 'called.yaml' are not met: Nothing holds: unexpected exit code
ls: cannot access 'ran'
exit 1
