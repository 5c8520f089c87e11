$ printf 'a: "\377"\n' > a.yaml
$ runbook check a.yaml
a.yaml:1:5: error[RB0004]: not valid UTF-8 (byte 0xFF at byte offset 4)
    1 | a: "\xff"
      |     ^^^^
      = hint: Write the character again, or convert the file with iconv.
$ printf 'a: caf\351\n' > latin.yaml
$ runbook check latin.yaml
latin.yaml:1:7: error[RB0004]: not UTF-8 (byte 0xE9; looks like ISO-8859-1)
      = hint: Convert it: iconv -f ISO-8859-1 -t UTF-8 'latin.yaml'
$ printf 'a: \342\202' > cut.yaml
$ runbook check cut.yaml
cut.yaml:1:4: error[RB0004]: file ends inside a UTF-8 character
      = hint: Was the file truncated? Copy it again.
