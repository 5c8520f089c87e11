# What is left of 'steps' needs what a step that is left out would have captured: both places are told.
$ printf 'runbook: 1\nname: A\nsteps:\n  - {run: echo a, id: before, capture: {image: text}}\n  - {run: touch ran, id: deploy}\n  - {run: "echo ${{ steps.before.image }}", id: last}\n' > a.yaml
$ runbook run a.yaml --start-at deploy; code=$?; ls; exit $code
a.yaml:6:21: error[RB0270]: 'image' of step 'before' is needed here, and it is left out by --start-at
      = note: a.yaml:4:6: the step that is left out
      = hint: Let that step run: --start-at before
      = hint: Or write steps.before.?image.orValue(...), where it may be absent.
a.yaml
