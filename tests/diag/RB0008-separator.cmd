# What some readers take for the end of a line could hide a step in a comment.
$ printf 'a: 1 # ok\342\200\250run: rm\n' > a.yaml
$ runbook check a.yaml
a.yaml:1:10: error[RB0008]: invisible line separator U+2028; the text after it would be read as a new line
    1 | a: 1 # ok\u{2028}run: rm
      |          ^^^^^^^^
      = hint: Replace it by a newline or a blank.
$ printf 'a: 1 # \342\200\251\nb: 2 # \302\205\nc: 3 # \rd: 4\n' > b.yaml
$ runbook check b.yaml
b.yaml:1:8: error[RB0008]: invisible line separator U+2029
b.yaml:2:8: error[RB0008]: invisible line separator U+0085
b.yaml:3:8: error[RB0008]: carriage return without a newline U+000D
