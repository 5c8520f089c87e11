# 64 fragments and the runbook; one more is too many.
$ for i in $(seq 66); do echo 'fragment: 1' > $i.yaml; done
$ { printf 'runbook: 1\nname: A\nsteps: [{run: ls}]\ninclude:\n'; for i in $(seq 64); do echo "  - $i.yaml"; done; } > good.yaml
$ runbook check good.yaml
good.yaml: ok, 1 step
$ { cat good.yaml; echo '  - 65.yaml'; } > bad.yaml
$ runbook check bad.yaml
bad.yaml:69:5: error[RB0206]: more than 64 documents
      = hint: Put steps that belong together into one document.
