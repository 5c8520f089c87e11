$ printf 'runbook: 1\nname: A\nsteps:\n  - run: no-such-program --version\n    on_failure: continue\n  - run: ls\n    cwd: nowhere\n    on_failure: continue\n  - run: ./text\n' > a.yaml; touch text
$ runbook run a.yaml
error[RB0402]: program 'no-such-program' not found (PATH=
  --> a.yaml:4:10
error[RB0402]: cannot enter the folder '
/nowhere': No such file or
  --> a.yaml:6:10
error[RB0402]: cannot run './text': Permission denied
  --> a.yaml:9:10
exit 1
