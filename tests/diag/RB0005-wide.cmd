$ printf '\377\376r\0u\0n\0' > mark.yaml
$ runbook check mark.yaml
mark.yaml:1:1: error[RB0005]: file is UTF-16, expected UTF-8
      = hint: Convert it: iconv -f UTF-16 -t UTF-8 'mark.yaml'
$ printf 'r\0u\0n\0b\0' > little.yaml
$ runbook check little.yaml
little.yaml:1:1: error[RB0005]: file contains NUL bytes at regular positions; looks like UTF-16 or UTF-32
      = hint: Convert it: iconv -f UTF-16LE -t UTF-8 'little.yaml'
$ printf '\0r\0u\0n\0b' > big.yaml
$ runbook run big.yaml
      = hint: Convert it: iconv -f UTF-16BE -t UTF-8 'big.yaml'
