# At the beginning of the file the mark is passed over, and does not count as a column.
$ printf '\357\273\277runbook: 1\nname: A\357\273\277\nsteps: [{run: ls}]\n' > a.yaml
$ runbook check a.yaml
a.yaml:2:8: error[RB0010]: byte order mark U+FEFF inside the text
    2 | name: A\u{FEFF}
      |        ^^^^^^^^
$ printf '\357\273\277runbok: 1\n' > b.yaml
$ runbook check b.yaml
b.yaml:1:1: error[RB0232]
    1 | runbok: 1
      | ^^^^^^
      = hint: did you mean 'runbook'?
