# The excerpt shows an escape, never the byte itself.
$ printf 'a: x\0y\n' > nul.yaml
$ runbook check nul.yaml
nul.yaml:1:5: error[RB0007]: NUL byte U+0000
    1 | a: x\x00y
      |     ^^^^
      = hint: Remove it; in a double-quoted text it can be written as "\x00".
$ printf 'a: \033[31mx\nb: \302\233\nc: \177\n' > terminal.yaml
$ runbook check terminal.yaml
terminal.yaml:1:4: error[RB0007]: control character U+001B
    1 | a: \x1b[31mx
terminal.yaml:2:4: error[RB0007]: control character U+009B
    2 | b: \u{9B}
terminal.yaml:3:4: error[RB0007]: control character U+007F
    3 | c: \x7f
