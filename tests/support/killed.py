"""A run of a document in a sandbox of its own, which a step of it may kill, and what it left."""
import atexit
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time

from sandbox import BINARY, Sandbox

KILL = "kill -9 $PPID"  # the parent of a step is the program
# The same once the record of the step's process is there.
KILL_LATER = ('until grep -q "step.spawned.*\\"pid\\":$$," $RUNBOOK_RUN_DIR/../journal.jsonl; '
              "do sleep 0.01; done; " + KILL)


class Case:
    """A document in a sandbox of its own, and the run of it."""

    def __init__(self, body, head="lock: false\n"):
        self.box, self.text, self.code = Sandbox(), "", None
        atexit.register(self.box.__exit__)
        self.write(body, head)

    def write(self, body, head="lock: false\n"):
        with open(f"{self.box.folder}/doc.yaml", "w", encoding="utf-8") as file:
            file.write("runbook: 1\nname: Killed\n" + head + body)

    def check(self, truth, words):
        if not truth:
            print(self.text)
            sys.exit(words)

    def command(self, words, expected):
        self.code, self.text = self.box.run(f"runbook {words}")
        self.check(self.code == expected, f"{words}: exit {self.code} instead of {expected}")
        return self

    def steps_run(self):
        """Whether a process of a step of ours is there. One that has ended has no environment."""
        mark = f"RUNBOOK_RUN_DIR={self.box.state}/".encode()
        for pid in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError):
                with open(f"/proc/{pid}/environ", "rb") as file:
                    if mark in file.read():
                        return True
        return False

    def killed(self, words="run doc.yaml", lives=False):
        """A run that a step of its own kills; the step ends then, unless it lives on."""
        with subprocess.Popen([BINARY, *words.split()], cwd=self.box.folder,
                              env=self.box.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as run:
            # What a step has left behind holds no pipe of ours.
            try:
                self.text = run.communicate(timeout=60)[0].decode()
            except subprocess.TimeoutExpired:
                run.kill()
                raise
        self.check(run.returncode == -signal.SIGKILL, f"exit {run.returncode}: it was not killed")
        limit = time.monotonic() + 60
        while not lives and self.steps_run():
            self.check(time.monotonic() < limit, "the step that killed it does not end")
            time.sleep(0.01)
        return self

    @contextlib.contextmanager
    def started(self, words):
        """A command that runs beside the test; one that has not ended with it is killed."""
        with subprocess.Popen([BINARY, *words.split()], cwd=self.box.folder,
                              env=self.box.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                yield process
            finally:
                process.kill()

    def wait_for(self, name):
        limit = time.monotonic() + 60
        while not self.exists(name):
            self.check(time.monotonic() < limit, f"no {name} is made")
            time.sleep(0.01)

    def says(self, *patterns):
        for pattern in patterns:
            self.check(re.search(pattern, self.text, re.M), f"it does not say {pattern!r}")

    def says_not(self, *patterns):
        for pattern in patterns:
            self.check(not re.search(pattern, self.text, re.M), f"it says {pattern!r}")

    @property
    def run(self):
        return os.listdir(f"{self.box.state}/runs")[0]

    @property
    def journal(self):
        return f"{self.box.state}/runs/{self.run}/journal.jsonl"

    def events(self, kind=None):
        with open(self.journal, encoding="utf-8") as file:
            events = [json.loads(line) for line in file if line.strip()]
        return [event for event in events if kind in (None, event["type"])]

    def log(self):
        """What the steps wrote to the witness."""
        with contextlib.suppress(FileNotFoundError):
            with open(f"{self.box.folder}/log", encoding="utf-8") as file:
                return file.read().split()
        return []

    def logs(self, *expected):
        self.check(self.log() == list(expected), f"the steps wrote {self.log()}")

    def touch(self, name):
        with open(f"{self.box.folder}/{name}", "w", encoding="utf-8"):
            pass

    def exists(self, name):
        return os.path.exists(f"{self.box.folder}/{name}")


TESTS = []


def test(function):
    TESTS.append(function)
    return function


def main():
    """Runs those that are named, or all; each in a process of its own."""
    names = sys.argv[1:]
    failed = 0
    for function in TESTS:
        if names and function.__name__ not in names:
            continue
        child = os.fork()
        if child == 0:
            function()
            sys.stdout.flush()
            sys.exit(0)
        if os.waitpid(child, 0)[1]:
            print(f"{function.__name__} failed", flush=True)
            failed += 1
    print(f"{failed} of {len(names) or len(TESTS)} failed")
    sys.exit(1 if failed else 0)
