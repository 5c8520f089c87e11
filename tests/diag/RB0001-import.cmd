# The place of the import is told.
$ mkdir -p project/.runbook project/folder && touch beside.yaml && mkfifo project/pipe
$ printf 'runbook: 1\nname: A\ninclude: [folder, pipe, ../beside.yaml]\nsteps: [{run: ls}]\n' > project/a.yaml
$ runbook run project/a.yaml
project/a.yaml:3:11: error[RB0001]: 'project/folder' is a directory
project/a.yaml:3:19: error[RB0001]: 'project/pipe' is not a regular file
project/a.yaml:3:25: error[RB0001]: 'project/../beside.yaml' leaves the project folder '
      = hint: Copy it into the project, whose folder is the nearest one upward with '.git' or '.runbook'.
