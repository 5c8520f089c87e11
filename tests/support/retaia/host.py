"""A host on which Retaia v0.9.4 has run for an hour, and the work tree of its release: a real git
repository with a remote, a real HTTP service, and recording fixtures in place of docker, composer and
php. What the commands of the procedure are, word for word, and how calls are compared with them."""
import concurrent.futures
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import time

sys.dont_write_bytecode = True
STAGE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [os.path.dirname(STAGE)]
from sandbox import SOURCE, Sandbox  # noqa: E402
import stage  # noqa: E402

CORE, UI = "ghcr.io/retaia/retaia-core:", "ghcr.io/retaia/retaia-ui:"
COMPOSE = "docker compose -f docker-compose.prod.yaml "
CONSOLE = COMPOSE + "exec -T core php bin/console "
IMAGE = "docker ps --all --filter name=^retaia-core-%s$ --format {{.Image}}"
CHECKS = ["composer release:check",
          "php scripts/check-translation-keys.php",
          "php scripts/check-openapi-routes.php",
          "php bin/console lint:yaml config",
          "php bin/console lint:container",
          "php scripts/check-coverage-threshold.php var/coverage/clover-unit.xml 80",
          "php scripts/check-coverage-threshold.php var/coverage/clover-functional.xml 80",
          "php bin/console app:ops:readiness-check",
          "php bin/console app:sentry:probe",
          "composer audit --no-interaction"]
DEPLOY = [COMPOSE + "config --quiet",
          IMAGE % "core",
          IMAGE % "ui",
          CONSOLE + "doctrine:migrations:current",
          COMPOSE + "pull",
          COMPOSE + "up -d core ingest-cron ui caddy db",
          CONSOLE + "doctrine:migrations:migrate --no-interaction",
          "docker ps --filter name=^retaia-core-(core|ingest-cron|ui)$ "
          "--format {{.Names}}={{.Image}}"]
PROBES = {CONSOLE + "app:ops:readiness-check", CONSOLE + "app:sentry:probe"}  # in any order
LOGS = re.compile(re.escape(COMPOSE) + r"logs --tail=200 --since=\d{4}-\S+Z ingest-cron")
VERIFY = [PROBES, LOGS]
REDEPLOY = [COMPOSE + "up -d core ingest-cron ui",
            CONSOLE + "doctrine:migrations:list --no-interaction"]
DOCUMENTS = ("release-v1", "deploy", "verify", "operate", "rollback", "build-image", "ui-update")
RELEASE = "runbook run runbooks/retaia/release-v1.yaml --no-input --approve go"


class Retaia:
    """A host on which v0.9.4 has run for an hour, with the work tree of the release."""

    def __init__(self, box, edits=()):
        self.box = box
        self.folder = os.path.join(box.folder, "retaia-core")
        self.remote = os.path.join(box.top, "origin.git")
        os.environ["RETAIA_STAGE"] = os.path.join(box.top, "stage")
        os.mkdir(os.environ["RETAIA_STAGE"])
        box.environment.update({
            "PATH": f"{STAGE}:{box.environment['PATH']}", "PYTHONDONTWRITEBYTECODE": "1",
            "RETAIA_STAGE": os.environ["RETAIA_STAGE"],
            "RETAIA_CORE_IMAGE": CORE + "v1.0.0", "RETAIA_UI_IMAGE": UI + "v1.0.0"})
        self.set_stage()
        self.make_repository(edits)

    def set_stage(self):
        stage.write("builds", {CORE + "v0.9.4": {}, UI + "v0.9.4": {}, UI + "v1.0.0": {},
                               CORE + "v1.0.0": {"migration": "Version20260301120000"}})
        stage.write("schema", {"version": "Version20260105093000", "migrated": 0})
        stage.write("composer", {"coverage": ["unit", "functional"], "advisories": None})
        stage.write("production", {})
        stage.write("manifest", {})
        old = {"started": time.time() - 3600, "every": 60}
        images = {"core": CORE + "v0.9.4", "ingest-cron": CORE + "v0.9.4", "ui": UI + "v0.9.4",
                  "caddy": "caddy:2-alpine", "db": "postgres:16-alpine"}
        stage.write("containers", {name: {"image": image, **old}
                                   for name, image in images.items()})

    def build(self, image=CORE + "v1.0.0", **behaviour):
        builds = stage.read("builds")
        builds[image] = {**builds.get(image, {}), **behaviour}
        stage.write("builds", builds)

    def edit(self, name, old, new, least=1):
        """Another text for what stands once in a document."""
        path = f"{self.folder}/runbooks/retaia/{name}.yaml"
        with open(path, encoding="utf-8") as stream:
            text = stream.read()
        if not least <= text.count(old) <= 1:
            raise ValueError(f"{name}.yaml has {text.count(old)} of: {old}")
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(text.replace(old, new))

    def production(self, **state):
        """What the alerts of production measure."""
        stage.write("production", {**stage.read("production"), **state})

    def git(self, *words, folder=None):
        who = ["-c", "user.name=ops", "-c", "user.email=ops@localhost"]
        subprocess.run(["git", *who, *words], cwd=folder or self.folder, check=True,
                       env=self.box.environment, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)

    def commit(self, name, text, folder=None):
        with open(os.path.join(folder or self.folder, name), "a", encoding="utf-8") as stream:
            stream.write(text)
        self.git("add", "-A", folder=folder)
        self.git("commit", "-qm", name, folder=folder)

    def make_repository(self, edits):
        self.git("init", "-q", "--bare", "-b", "master", self.remote, folder=self.box.folder)
        self.git("clone", "-q", self.remote, self.folder, folder=self.box.folder)
        shutil.copytree(f"{SOURCE}/runbooks/retaia", f"{self.folder}/runbooks/retaia")
        for name in DOCUMENTS:  # the lock is the machine's: tests run side by side
            for lock in ("production", "ui"):
                self.edit(name, f"\nlock: retaia-{lock}\n",
                          f"\nlock: {os.path.basename(self.box.top)}-{lock}\n", least=0)
        for name, old, new in edits:
            self.edit(name, old, new)
        self.commit("docker-compose.prod.yaml", "services: {core: {}}\n")
        self.git("tag", "-a", "v0.9.4", "-m", "v0.9.4")
        self.commit("composer.json", "{}\n")
        self.git("tag", "-a", "v1.0.0", "-m", "v1.0.0")
        self.git("push", "-q", "origin", "master", "--tags")

    def elsewhere(self, name):
        """Somebody else's commit on the remote's master."""
        other = os.path.join(self.box.top, "other")
        self.git("clone", "-q", self.remote, other, folder=self.box.top)
        self.commit(name, "\n", folder=other)
        self.git("push", "-q", "origin", "master", folder=other)

    @contextlib.contextmanager
    def service(self):
        with subprocess.Popen([sys.executable, f"{STAGE}/service.py"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, env=self.box.environment) as child:
            self.box.environment["RETAIA_PROD_HTTP_PORT"] = child.stdout.readline().decode().strip()
            try:
                yield
            finally:
                child.stdin.close()
                child.wait(10)

    def run(self, command, code, *lines, absent=()):
        """Runs it in the work tree; exit code, and lines that must (not) stand in the transcript."""
        self.box.folder, before = self.folder, self.box.folder
        got, text = self.box.run(command, timeout=120)
        self.box.folder = before
        assert got == code, f"exit {got}, not {code}: {command}\n{text}"
        for line in lines:
            found = line.search(text) if isinstance(line, re.Pattern) else line in text
            assert found, f"missing: {line}\n{text}"
        for line in absent:
            assert line not in text, f"not wanted: {line}\n{text}"
        return text

    def calls(self):
        """What was called since the last time, as records."""
        if not os.path.exists(stage.file("calls")):
            return []
        with open(stage.file("calls"), encoding="utf-8") as stream:
            calls = [json.loads(line) for line in stream]
        os.remove(stage.file("calls"))
        for call in calls:
            call["text"] = " ".join([call["program"], *call["args"]])
            words = call["args"]
            if words[0] == "compose":  # never a terminal, never another file
                assert words[1:3] == ["-f", "docker-compose.prod.yaml"], call
                assert ("exec" in words) == (words[3:5] == ["exec", "-T"]), call
        return calls

    def images(self):
        """What runs as core, ingest-cron and ui, as tags."""
        containers = stage.read("containers")
        return [containers[name]["image"].rsplit(":")[-1] for name in ("core", "ingest-cron", "ui")]


def matches(wanted, texts):
    """Whether one wanted thing is what was called: a text, a pattern, or a set in any order."""
    if isinstance(wanted, set):
        return set(texts) == wanted
    return bool(wanted.fullmatch(texts[0])) if isinstance(wanted, re.Pattern) else [wanted] == texts


def count(wanted):
    return sum(len(want) if isinstance(want, set) else 1 for want in wanted)


def compare(calls, wanted):
    """The commands, word for word and in order; a pattern stands where an instant does."""
    texts, at, good = [call["text"] for call in calls], 0, len(calls) == count(wanted)
    for want in wanted:
        if good:
            good = matches(want, texts[at:at + count([want])])
            at += count([want])
    shown = [want.pattern if isinstance(want, re.Pattern) else str(want) for want in wanted]
    assert good, "called:\n  " + "\n  ".join(texts) + "\nwanted:\n  " + "\n  ".join(shown)


def environments(calls, version, port):
    """Every command of Docker has the images of the version, and the port."""
    for call in calls:
        if call["program"] == "docker":
            assert call["env"] == {"RETAIA_CORE_IMAGE": CORE + version,
                                   "RETAIA_UI_IMAGE": UI + version,
                                   "RETAIA_PROD_HTTP_PORT": port}, call


def nothing_deployed(calls):
    for call in calls:
        assert call["program"] != "docker", call["text"]


def repeated_last(wanted, calls):
    """A step that was tried again: its command stands there more than once."""
    return wanted + [wanted[-1]] * (len(calls) - count(wanted))


def attempt(function):
    """What speaks against a test, on a host of its own, and how long it took."""
    started, wrong = time.time(), None
    with Sandbox() as sandbox:
        try:
            function(Retaia(sandbox))
        except AssertionError as error:
            wrong = str(error)
    return wrong, time.time() - started


def main(tests, names):
    """Each of the tests, or those that are named; the exit code."""
    failed = 0
    chosen = [function for function in tests if not names or function.__name__ in names]
    with concurrent.futures.ProcessPoolExecutor(3) as pool:
        for function, (wrong, took) in zip(chosen, pool.map(attempt, chosen)):
            print(f"failed  {function.__name__}: {wrong}\n" if wrong else
                  f"ok      {function.__name__}  {took:.1f}s", flush=True)
            failed += bool(wrong)
    print(f"{failed} of {len(chosen)} failed")
    return 1 if failed else 0
