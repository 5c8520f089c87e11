# Nothing appears under the name, and the folder is left as it was.
$ printf 'runbook: 1\nname: A\nsteps:\n  - write: nowhere/a\n    content: x\n    on_failure: continue\n  - write: folder\n    content: x\n' > a.yaml; mkdir folder
$ runbook run a.yaml; code=$?; ls -A folder nowhere; exit $code
error[RB0406]: cannot write 
/nowhere/a: No such file or directory
  --> a.yaml:4:12
/folder: Is a directory
exit 1
