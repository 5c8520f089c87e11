# A rollback reads the documents that its run kept; without one of them nothing is undone.
$ printf 'runbook: 1\nname: A\nsteps:\n  - run: "true"\n    undo: [{run: touch undone}]\n  - run: "false"\nrollback: {mode: manual}\n' > a.yaml
$ runbook run a.yaml
$ rm "$RUNBOOK_STATE"/runs/*/documents/*; runbook rollback "$(ls "$RUNBOOK_STATE/runs")" --reason broken; code=$?; ls undone; exit $code
[RB0801]: the run kept no document 'a.yaml'
      = hint: Without it the run can be shown, and not rolled back.
ls: cannot access 'undone'
exit 9
