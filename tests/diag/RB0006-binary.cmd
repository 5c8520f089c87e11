# The kind is named, and no byte of it is shown.
$ printf '\037\213\010\0\0\0\0\0' > a.yaml
$ runbook check a.yaml
error[RB0006]: 'a.yaml' is a binary file (gzip)
      = hint: Look whether this is the right file.
$ head -c 1000 "$(command -v runbook)" > b.yaml
$ runbook run b.yaml
error[RB0006]: 'b.yaml' is a binary file (ELF)
