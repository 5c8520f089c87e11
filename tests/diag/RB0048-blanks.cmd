$ printf 'runbook: 1\nname: A\nsteps:\n  - shell: |+\n      ls\n        ' > a.yaml
$ runbook check a.yaml
a.yaml:6:1: error[RB0048]: file ends inside a block text with spaces only
      | ^^^^^^^^
      = hint: Remove the spaces, or end the line.
