# The smallest runbook is shown, and it runs.
$ touch empty.yaml && printf -- '---\n...\n' > markers.yaml && printf '# a comment\n\n' > comment.yaml
$ runbook check empty.yaml
empty.yaml:1:1: error[RB0003]: file is empty
      = hint: A runbook has at least:
        runbook: 1
        name: My first runbook
        steps: [{run: 'true'}]
$ runbook check markers.yaml
markers.yaml:1:1: error[RB0003]: document is empty
    1 | ---
$ runbook check comment.yaml
comment.yaml:1:1: error[RB0003]: document is empty
$ runbook check empty.yaml 2>&1 | sed -n 's/^        //p' > smallest.yaml; runbook run smallest.yaml
exit 0
