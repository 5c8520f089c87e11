# Through data alone a word cannot become an option; behind a written -- it can.
$ printf 'runbook: 1\nname: A\ninputs: {name: {default: a}}\nsteps:\n  - run: ls -- ${{ inputs.name }}\n    exit: [0, 2]\n  - run: ls ${{ inputs.name }}\n' > a.yaml
$ runbook run a.yaml --set name=-la
error[RB0503]: a value that begins with '-' cannot begin a word: it would be an option
  --> a.yaml:7:13
Write -- before it if the program knows it
exit 1
