"""A temporary folder in which `runbook` is run with an environment that holds nothing of ours."""
import glob
import os
import shutil
import subprocess
import tempfile

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BINARY = os.path.abspath(os.environ.get("RUNBOOK_BINARY", f"{SOURCE}/build/dev/runbook"))
PASSED = ("ASAN_OPTIONS", "UBSAN_OPTIONS", "BUILD_DIR", "POSTGRES_URI")


class Sandbox:
    """With files: a folder whose content is copied in, or None. Locks hold for the whole machine, so
    each `lock: test-NAME` in it becomes `lock: TOP-NAME`, TOP being the name of the folder."""

    def __init__(self, files=None):
        self.top = os.path.realpath(tempfile.mkdtemp(prefix="runbook-"))
        self.folder = os.path.join(self.top, "work")
        self.state = os.path.join(self.top, "state")
        if files:
            shutil.copytree(files, self.folder, symlinks=True)
            self.own_locks()
        else:
            os.mkdir(self.folder)
        self.environment = {
            "PATH": os.path.dirname(BINARY) + ":" + os.environ.get("PATH", "/usr/bin:/bin"),
            "HOME": self.top, "RUNBOOK_STATE": self.state, "SOURCE": SOURCE, "TZ": "UTC",
            "LC_ALL": "C.UTF-8", "COLUMNS": "100", "GIT_CONFIG_NOSYSTEM": "1",
            **{name: os.environ[name] for name in PASSED if name in os.environ},
        }

    def own_locks(self):
        for path in glob.glob(f"{self.folder}/**/*.yaml", recursive=True):
            with open(path, "rb") as file:
                text = file.read()
            own = text.replace(b"\nlock: test-", f"\nlock: {os.path.basename(self.top)}-".encode())
            if own != text:
                with open(path, "wb") as file:
                    file.write(own)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.top, ignore_errors=True)

    def run(self, command, timeout=60):
        """Exit code, and both streams as one text in the order in which they were written."""
        words = ["/bin/sh", "-c", command] if isinstance(command, str) else command
        done = subprocess.run(words, cwd=self.folder, env=self.environment, timeout=timeout,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)
        return done.returncode, done.stdout.decode("utf-8", "backslashreplace")
