$ awk 'BEGIN { print "runbook: 1\nname: A\nvars:"; for (i = 1; i <= 10001; i++) print "  a" i ": 1"; print "steps: [{run: ls}]" }' > a.yaml
$ timeout 30 runbook check a.yaml
a.yaml:10004:3: error[RB0054]: more than 10000 keys in one map
