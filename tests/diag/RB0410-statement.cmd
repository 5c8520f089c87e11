# The database's own words, and what stood before it stays.
$ printf 'runbook: 1\nname: A\nsteps:\n  - sql: {connection: "sqlite:a.db", create: true, query: create table t (a)}\n  - sql: {connection: "sqlite:a.db", query: select * from nowhere}\n' > a.yaml
$ runbook run a.yaml
error[RB0410]: no such table: nowhere
  --> a.yaml:5:45
SQLITE_ERROR
exit 1
