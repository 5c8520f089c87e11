# a link that leads in a circle is not followed, and told
exit 0
$ mkdir a; ln -s .. a/up; printf 'runbook: 1\nname: N\nsteps: [{run: ls}]\n' >a/b.yaml; runbook check .
[RB0063]
'a/up' is passed over: it is a link to a folder
runbook check a/up
1 document, 0 errors, 1 warning
