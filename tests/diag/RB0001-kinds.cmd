# What is no regular file is refused at once, without reading from it.
$ mkdir folder && mkfifo pipe && ln -s nowhere.yaml link.yaml
$ timeout 10 runbook run folder
error[RB0001]: 'folder' is a directory
      = hint: Name a file in it.
$ timeout 10 runbook check pipe
error[RB0001]: 'pipe' is not a regular file
      = hint: A document is read from a file, so that it can be read again.
$ timeout 10 runbook check /dev/zero
error[RB0001]: '/dev/zero' is not a regular file
$ timeout 10 runbook check link.yaml
error[RB0001]: cannot read 'link.yaml': No such file or directory
      = hint: It is a link to 'nowhere.yaml', which does not exist.
