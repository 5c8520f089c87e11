# Comments are not exempt.
$ printf 'a: "x\342\200\256y"\n# \342\201\246 comment\n' > a.yaml
$ runbook check a.yaml
a.yaml:1:6: error[RB0009]: bidirectional control U+202E can hide the real order of the text
    1 | a: "x\u{202E}y"
      |      ^^^^^^^^
      = hint: Remove it; in a double-quoted text it can be written as "\u202E".
a.yaml:2:3: error[RB0009]: bidirectional control U+2066 can hide the real order of the text
