# Nobody listens on port 1; a name of .invalid never resolves.
$ printf 'runbook: 1\nname: A\nsteps:\n  - http: http://127.0.0.1:1/\n' > a.yaml
$ runbook run a.yaml
error[RB0408]: Failed to connect to 127.0.0.1 port 1
Connection refused
  --> a.yaml:4:11
phase:    connect
$ runbook run a.yaml --progress json
"class":"connect","code":"RB0408"
exit 1
