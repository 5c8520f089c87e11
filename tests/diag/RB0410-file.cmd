# A typing error in the name of a file makes no empty database.
$ printf 'runbook: 1\nname: A\nsteps:\n  - sql: {connection: "sqlite:shopp.db", query: create table t (a)}\n' > a.yaml
$ runbook run a.yaml; code=$?; ls; exit $code
error[RB0410]: the database
shopp.db does not exist
  --> a.yaml:4:23
'create: true' makes a new
exit 1
