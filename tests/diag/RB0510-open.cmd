# Whether the step runs is not known: plan warns.
$ printf 'runbook: 1\nname: A\ninputs: {pause: {default: soon}}\nsteps:\n  - {run: echo a, id: a}\n  - wait: ${{ inputs.pause }}\n    when: steps.a.text == "b"\n' > a.yaml
$ runbook plan a.yaml
a.yaml:6:11: warning[RB0510]: when it runs: 'wait': not a duration: 'soon'
                  would be refused: 'wait': not a duration: 'soon'
exit 0
