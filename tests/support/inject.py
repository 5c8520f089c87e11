"""System calls of `runbook` that fail, by strace: of the program itself, not of what it starts."""
import os
import re
import shutil
import signal
import subprocess
import sys
import time

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


def traced(box):
    """Of a program that is traced: what strace has written so far."""
    with open(f"{box.top}/stopped", encoding="utf-8", errors="replace") as file:
        return file.read()


def trace_while(box, words, call, number, change):
    """As trace, of a program that stands still behind its number-th call while change() is called.
    Of one that ends before it comes so far the third is None, and nothing is called."""
    # The leak sanitizer cannot work while something else traces the program.
    environment = {**box.environment, "ASAN_OPTIONS": "detect_leaks=0:halt_on_error=1"}
    with open(f"{box.top}/stopped", "wb"):
        pass
    with subprocess.Popen(["strace", "-o", f"{box.top}/stopped", f"-etrace={call}",
                           f"-einject={call}:signal=STOP:when={number}", BINARY, *words],
                          cwd=box.folder, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as strace:
        limit = time.monotonic() + 60
        while "stopped by SIGSTOP" not in traced(box):
            if strace.poll() is not None:
                return strace.returncode, strace.stdout.read().decode(), None
            assert time.monotonic() < limit, "it does not stop"
            time.sleep(0.005)
        with open(f"/proc/{strace.pid}/task/{strace.pid}/children", encoding="ascii") as children:
            pid = int(children.read())
        try:
            change()
        finally:
            os.kill(pid, signal.SIGCONT)
        text = strace.communicate(timeout=60)[0].decode("utf-8", "backslashreplace")
        return strace.returncode, text, traced(box).splitlines()
