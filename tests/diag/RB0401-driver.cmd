# needs: modules
# The program without its drivers: what needs none runs; a driver that only the run names is the step's outcome.
$ cp "$(command -v runbook)" alone
$ printf 'runbook: 1\nname: A\nsteps: [{run: ls}]\n' > none.yaml; ./alone run none.yaml
$ printf 'runbook: 1\nname: A\ninputs: {database: {}}\nsteps:\n  - run: touch done\n  - sql: {connection: "${{ inputs.database }}", query: select 1}\n' > later.yaml
$ ./alone run later.yaml --set database=sqlite:a.db; code=$?; ls done; exit $code
error[RB0401]: the module 'sqlite' cannot be loaded from 
  --> later.yaml:6:5
done
exit 1
