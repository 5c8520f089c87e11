$ printf 'runbook: 1\nname: A\ninputs: {api: {type: url}}\nsteps:\n  - http: GET ${{ inputs.api }}/missing\n' > a.yaml
$ mkfifo in; python3 "$SOURCE/tests/support/http_server.py" < in > out & exec 3> in; until grep -qs ready out; do sleep 0.05; done; runbook run a.yaml --set api=http://127.0.0.1:"$(sed -n 's/^http //p' out)"; code=$?; exec 3>&-; wait; exit $code
error[RB0409]: unexpected HTTP status
  --> a.yaml:5:11
expected: 200-299
actual:   404
no such thing
exit 1
