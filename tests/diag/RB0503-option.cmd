# Through data alone a word cannot become an option; behind a written -- it can.
$ printf 'runbook: 1\nname: A\nsteps:\n  - {run: echo -la, id: out}\n  - run: ls -- ${{ steps.out.text }}\n    exit: [0, 2]\n  - run: ls ${{ steps.out.text }}\n' > a.yaml
$ runbook run a.yaml
error[RB0503]: a value that begins with '-' cannot begin a word: it would be an option
  --> a.yaml:7:13
Write -- before it if the program knows it
exit 1
