# Only the size is looked at: a file of 1,000 GiB is refused as fast as one of 5 MB.
$ head -c 5000000 /dev/zero > big.yaml
$ runbook check big.yaml
error[RB0002]: 'big.yaml' is larger than the 4 MiB limit (4.8 MiB)
      = hint: Put data into a file of its own and let a step read it.
$ truncate -s 1000G huge.yaml
$ timeout 10 runbook run huge.yaml
error[RB0002]: 'huge.yaml' is larger than the 4 MiB limit (1000.0 GiB)
