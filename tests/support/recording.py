"""Programs that are not the real ones: each writes how it was called to one log. And a copy of the
commands of this tree, so that they may be run without touching what was built."""
import os
import shutil
import subprocess
import tempfile

PROGRAM = """#!/bin/sh
printf '%s\\n' "${0##*/}${*:+ $*}" >>"$RECORDING"
"""


class Recording:
    """A folder that is the whole PATH: real programs by name, and recorded ones.

    programs: by name the lines of shell that a recorded program runs ('' for success).
    """

    def __init__(self, programs, real=()):
        self.top = tempfile.TemporaryDirectory(prefix="runbook-")
        self.bin = os.path.join(self.top.name, "bin")
        self.log = os.path.join(self.top.name, "log")
        os.mkdir(self.bin)
        for name in real:
            for folder in os.environ["PATH"].split(":"):
                if os.access(os.path.join(folder, name), os.X_OK):
                    os.symlink(os.path.join(folder, name), os.path.join(self.bin, name))
                    break
        for name, body in programs.items():
            path = os.path.join(self.bin, name)
            with open(path, "w", encoding="utf-8") as file:
                file.write(PROGRAM + body + "\n")
            os.chmod(path, 0o755)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.top.cleanup()

    def run(self, *words, stdin=subprocess.DEVNULL, cwd=None):
        """Exit code, both streams as one text, and the calls in their order."""
        with open(self.log, "w", encoding="utf-8"):
            pass
        done = subprocess.run(words, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              cwd=cwd, env={"PATH": self.bin, "RECORDING": self.log}, check=False)
        with open(self.log, encoding="utf-8") as file:
            return done.returncode, done.stdout.decode(), file.read().splitlines()


def copy_commands(source, folder):
    """runbooks/demo, tests/run, .ci/run and what they call, from the tree source into folder."""
    for path in ("runbooks", "tests/support", ".ci"):
        shutil.copytree(os.path.join(source, path), os.path.join(folder, path),
                        ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(os.path.join(source, "tests/run"), os.path.join(folder, "tests"))
