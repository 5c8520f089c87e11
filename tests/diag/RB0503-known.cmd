# What is known to be refused is refused before anything runs.
$ printf 'runbook: 1\nname: A\ninputs: {name: {default: a}}\nsteps:\n  - run: touch ran\n  - run: ls ${{ inputs.name }}\n' > a.yaml
$ runbook run a.yaml --set name=-la; code=$?; ls; exit $code
a.yaml:6:13: error[RB0503]: a value that begins with '-' cannot begin a word: it would be an option
Write -- before it if the program knows it
exit 2
