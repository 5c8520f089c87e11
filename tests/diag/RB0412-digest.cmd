$ printf 'runbook: 1\nname: A\nlock: false\ninputs: {api: {type: url}}\nsteps:\n  - download: ${{ inputs.api }}/ok\n    to: a\n    sha256: "0000000000000000000000000000000000000000000000000000000000000000"\n' > a.yaml
$ mkfifo in; python3 "$SOURCE/tests/support/http_server.py" < in > out & exec 3> in; until grep -qs ready out; do sleep 0.05; done; runbook run a.yaml --set api=http://127.0.0.1:"$(sed -n 's/^http //p' out)"; code=$?; exec 3>&-; wait; test ! -e a && exit $code
error[RB0412]: the file has another digest
expected: 0000000000000000000000000000000000000000000000000000000000000000
actual:   2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824
exit 1
