# a folder that lies too deep is not passed over in silence
$ mkdir -p $(printf 'd/%.0s' $(seq 33)); runbook check .
[RB0062]
it lies more than 32 folders deep
0 documents, 1 error, 0 warnings
