"""The work tree of a release on the machine that operates the stack: a real git repository with a
remote, Composer's project, and the documents of runbooks/retaia."""
import contextlib
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "..", "support", "retaia")]
from host import DOCUMENTS, Retaia  # noqa: E402
from sandbox import SOURCE  # noqa: E402

from images import CORE, UI  # noqa: E402
from stack import COMPOSE, PATH  # noqa: E402

COVERED = '<coverage><project><metrics statements="100" coveredstatements="91"/></project></coverage>\n'
BUILD = """#!/bin/bash
[ "$RETAIA_BUILD_V1_READY" = 1 ] || { echo "Production image build blocked."; exit 1; }
docker build --file Dockerfile.prod --tag "${RETAIA_PROD_IMAGE:-retaia-core:prod}" .
"""


class Worktree(Retaia):
    def __init__(self, box, stack, packages):
        self.box, self.stack, self.packages = box, stack, packages
        self.folder = os.path.join(box.folder, "retaia-core")
        self.remote = os.path.join(box.top, "origin.git")
        binary = box.environment["PATH"].split(":")[0]
        box.environment.update({
            **{name: value for name, value in stack.environment.items() if name != "HOME"},
            "PATH": f"{binary}:{PATH}", "COMPOSER_HOME": f"{box.top}/composer", "COMPOSER_ALLOW_SUPERUSER": "1",
            "RETAIA_CORE_IMAGE": CORE + "v1.0.0", "RETAIA_UI_IMAGE": UI + "v1.0.0"})
        packages.advisories = []
        self.make_repository(())

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(text)

    def make_repository(self, edits):
        self.git("init", "-q", "--bare", "-b", "master", self.remote, folder=self.box.folder)
        self.git("clone", "-q", self.remote, self.folder, folder=self.box.folder)
        shutil.copytree(f"{SOURCE}/runbooks/retaia", f"{self.folder}/runbooks/retaia")
        shutil.copytree(f"{HERE}/core", self.folder, dirs_exist_ok=True)
        shutil.copy(f"{HERE}/{COMPOSE}", self.folder)
        for name in DOCUMENTS:  # the lock is the machine's
            for lock in ("production", "ui"):
                self.edit(name, f"\nlock: retaia-{lock}\n",
                          f"\nlock: {os.path.basename(self.box.top)}-{lock}\n", least=0)
        self.write("release.php", "<?php return ['version' => 'dev', 'health' => true, 'migrations' => []];\n")
        self.write("var/ingest/INBOX/.keep", "")
        for suite in ("unit", "functional"):
            self.write(f"var/coverage/clover-{suite}.xml", COVERED)
        self.write("scripts/build-prod-image.sh", BUILD)
        self.write("Dockerfile.prod", "FROM retaia-base\nCOPY . /app\nWORKDIR /app\n")
        self.write("packages/metrics/composer.json", '{"name": "retaia/metrics", "version": "1.0.0"}\n')
        self.write(".gitignore", "vendor/\n*.dump\npublic/releases/\n")
        self.write("composer.json", self.packages.composer())
        subprocess.run(["composer", "install", "-q", "--no-interaction"], cwd=self.folder, check=True,
                       env=self.box.environment)
        self.git("add", "-A")
        self.git("commit", "-qm", "v1.0.0")
        self.git("tag", "-a", "v1.0.0", "-m", "v1.0.0")
        self.git("push", "-q", "origin", "master", "--tags")

    def version(self, core, ui=None):
        """The words that name the images of a release."""
        return f"--set core_image={CORE}{core} --set ui_image={UI}{ui or core}"

    def is_started(self, words):
        """Whether such a command runs; the process ids here are the stack's alone."""
        return subprocess.run(["pgrep", "-f", words], check=False, stdout=subprocess.DEVNULL).returncode == 0

    @contextlib.contextmanager
    def started(self, command):
        """A run that something happens to."""
        path = os.path.join(self.box.top, "transcript")
        with open(path, "wb") as output:
            child = subprocess.Popen(["/bin/sh", "-c", "exec " + command], cwd=self.folder,
                                     env=self.box.environment, stdin=subprocess.DEVNULL, stdout=output,
                                     stderr=subprocess.STDOUT)
        try:
            yield Started(child, path)
        finally:
            child.kill()
            child.wait()


class Started:
    def __init__(self, child, path):
        self.child, self.path = child, path

    def text(self):
        with open(self.path, encoding="utf-8") as stream:
            return stream.read()

    def ended(self, code, *lines):
        got, text = self.child.wait(120), self.text()
        assert got == code, f"exit {got}, not {code}\n{text}"
        for line in lines:
            assert line.search(text) if isinstance(line, re.Pattern) else line in text, f"missing: {line}\n{text}"
        return text
