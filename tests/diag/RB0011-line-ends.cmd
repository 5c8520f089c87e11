# Both are read; the first line that differs is named, once.
$ printf 'runbook: 1\r\nname: A\nsteps:\r\n  - run: ls\n' > a.yaml
$ runbook check a.yaml
a.yaml:2:8: warning[RB0011]: this line ends with LF, the lines before it with CR LF
      = hint: Convert the file to one kind of line ends.
1 warning
a.yaml: ok, 1 step
exit 0
