"""Instructions of a program, as callgrind counts them. Where they cannot be counted, or are not the
program's, the test that imports this is skipped."""
import os
import re
import shutil
import subprocess
import sys

with open(os.path.join(os.environ["BUILD_DIR"], "CMakeCache.txt"), encoding="utf-8") as cache:
    if "-fsanitize=" in cache.read():
        print("the sanitizers' instructions are not the program's")
        sys.exit(77)
if not shutil.which("valgrind"):
    print("valgrind is not here")
    sys.exit(77)


def instructions(box, *command):
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
                           *command], cwd=box.folder, env=box.environment, check=False,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 0, done.stderr
    return int(re.search(r"Collected : (\d+)", done.stderr).group(1))
