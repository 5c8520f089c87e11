# The signal is sent when the step has begun.
$ printf 'runbook: 1\nname: A\nsteps:\n  - shell: |\n      touch begun\n      exec sleep 60\n' > a.yaml
$ runbook run a.yaml --progress json & until [ -e begun ]; do sleep 0.05; done; kill -TERM $!; wait $!
"status":"cancelled","class":"cancelled","code":"RB0505"
exit 10
