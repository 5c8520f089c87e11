"""System calls of `runbook` that fail, by strace: of the program itself, not of what it starts."""
import re
import shutil
import subprocess
import sys

from sandbox import BINARY

CALL = re.compile(r"^(?:\d+ +)?(\w+)\(")


def need_strace():
    if not shutil.which("strace"):
        print("strace is not here")
        sys.exit(77)


def trace(box, words, *options, strace=(), timeout=60):
    """Exit code (below zero: the signal), what was printed, and the lines of the trace. options are
    those of strace's -e: trace=..., inject=...; strace: more of its words."""
    # The leak sanitizer cannot work while something else traces the program.
    environment = {**box.environment, "ASAN_OPTIONS": "detect_leaks=0:halt_on_error=1"}
    command = ["strace", "-o", f"{box.top}/trace", *strace, *(f"-e{option}" for option in options),
               BINARY, *words]
    done = subprocess.run(command, cwd=box.folder, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout,
                          check=False)
    with open(f"{box.top}/trace", encoding="utf-8", errors="replace") as file:
        lines = file.read().splitlines()
    return done.returncode, done.stdout.decode("utf-8", "backslashreplace"), lines


def points(lines, calls, begin):
    """[(call, n)]: each is the n-th of its kind, from the first line on that holds `begin`."""
    counts, found, began = {}, [], False
    for line in lines:
        call = CALL.match(line)
        if not call:
            continue
        counts[call[1]] = counts.get(call[1], 0) + 1
        began = began or begin in line
        if began and call[1] in calls:
            found.append((call[1], counts[call[1]]))
    return found
