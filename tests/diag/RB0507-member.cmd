# On the screen the member says why; the record has the group's own end.
$ printf 'runbook: 1\nname: A\nsteps:\n  - group: Both\n    id: both\n    steps:\n      - run: "false"\n  - run: touch ran\n' > a.yaml
$ runbook run a.yaml --progress json; code=$?; ls ran; exit $code
"id":"both"
"class":"exit","code":"RB0507"
ls: cannot access 'ran'
exit 1
