# The nearest name is named; a folder that is missing too.
$ printf 'runbook: 1\nname: A\nsteps: [{run: ls}]\n' > release.yaml
$ runbook run relaese.yaml
error[RB0001]: cannot read 'relaese.yaml': No such file or directory
      = note: looked for at /
      = hint: did you mean 'release.yaml'?
$ runbook check ./relaese.yaml
      = hint: did you mean './release.yaml'?
$ runbook check other.yaml
      = hint: Look at the name and at the folder to which it is relative.
$ runbook check nowhere/release.yaml
error[RB0001]: cannot read 'nowhere/release.yaml': No such file or directory
      = hint: The folder 'nowhere' cannot be looked at: No such file or directory.
