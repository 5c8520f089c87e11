# 10,000 steps in a row are good, also where a program has little room for recursion.
$ awk 'BEGIN { print "runbook: 1\nname: A\nsteps:"; for (i = 0; i < 10000; i++) print "  - run: ls" }' > good.yaml
$ ulimit -s 256; timeout 60 runbook check good.yaml
good.yaml: ok, 10000 steps
$ { cat good.yaml; echo '  - run: ls'; } > bad.yaml
$ timeout 60 runbook check bad.yaml
bad.yaml:10004:5: error[RB0217]: more than 10000 steps
1 error
# Calls that double at every level would be a million steps.
$ for i in $(seq 20); do printf 'runbook: 1\nname: A\nsteps:\n  - {call: ./%s.yaml, id: a}\n  - {call: ./%s.yaml, id: b}\n' $((i + 1)) $((i + 1)) > $i.yaml; done
$ printf 'runbook: 1\nname: A\nsteps: [{run: ls}]\n' > 21.yaml
$ timeout 60 runbook check 1.yaml
error[RB0217]: more than 10000 steps
      = hint: Steps of library steps and calls count each time that they are used; leave to a program what it can do by itself.
1 error
