"""Docker with a registry, in namespaces of their own, and the stack of Retaia on it."""
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request

from images import CORE, UI, Images

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = ("dockerd", "docker", "docker-compose", "docker-registry", "iptables", "php", "composer",
            "busybox", "minisign", "unshare", "ip", "initdb")
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
CONTAINERS = ("core", "ingest-cron", "ui", "caddy", "db")
COMPOSE = "docker-compose.prod.yaml"
# As the plugin of Docker: Debian's Compose has no `logs --since`, which Docker itself has.
PLUGIN = """#!/bin/sh
[ "$1" != docker-cli-plugin-metadata ] || {
	echo '{"SchemaVersion": "0.1.0", "Vendor": "Debian", "Version": "1.29.2"}'
	exit
}
shift
case " $* " in
*" logs --tail="*" --since="*)
	exec /usr/bin/docker logs "$4" "$5" "retaia-core-$6"
esac
exec /usr/bin/docker-compose "$@"
"""
REGISTRY = """version: 0.1
storage: {filesystem: {rootdirectory: %s}, delete: {enabled: true}}
http: {addr: "127.0.0.1:80"}
log: {level: error}
"""


def is_sanitized():
    cache = os.path.join(os.environ.get("BUILD_DIR", ""), "CMakeCache.txt")
    if not os.path.exists(cache):
        return False
    with open(cache, encoding="utf-8") as file:
        return "-fsanitize=" in file.read()


def missing():
    """Why the stack is not to run here; None: it is."""
    if is_sanitized():
        return "the sanitizers have seen the same steps of the program on fixtures (e2e.retaia*)"
    if os.getuid() != 0:
        return "only root may start Docker"
    postgres = subprocess.run(["pg_config", "--bindir"], check=False, capture_output=True, text=True).stdout
    lacking = [name for name in PROGRAMS if not shutil.which(name, path=f"{PATH}:{postgres.strip()}")]
    if lacking:
        return "not installed: " + ", ".join(lacking)
    if subprocess.run([*NAMESPACES, "true"], check=False, capture_output=True).returncode:
        return "no namespaces of one's own may be made here"
    return None


NAMESPACES = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]


def until(ready, what, seconds=30):
    end = time.time() + seconds
    while not ready():
        if time.time() > end:
            raise RuntimeError(f"{what}: not after {seconds} s")
        time.sleep(0.05)


class Stack:
    """top: a folder of its own. In namespaces of its own, that end it with all that it has started."""

    def __init__(self, top):
        self.top = top
        self.registry = None
        self.environment = {
            "PATH": PATH, "HOME": top, "DOCKER_HOST": f"unix://{top}/docker.sock", "DOCKER_CONFIG": f"{top}/config",
            "DOCKER_BUILDKIT": "0", "COMPOSE_PROJECT_NAME": "retaia", "LC_ALL": "C.UTF-8"}

    def docker(self, *words, input=None, check=True):
        """Standard output of a command of Docker."""
        done = subprocess.run(["docker", *words], env=self.environment, input=input, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if check and done.returncode:
            raise RuntimeError(f"docker {words[0]}: {done.stderr.decode()}")
        return done.stdout.decode()

    def compose(self, *words, folder=HERE, version="v0.9.4"):
        images = {"RETAIA_CORE_IMAGE": CORE + version, "RETAIA_UI_IMAGE": UI + version}
        done = subprocess.run(["docker-compose", "-f", COMPOSE, *words], cwd=folder,
                              env={**self.environment, **images}, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode:
            raise RuntimeError(f"compose {words}: {done.stdout.decode()}")

    # ---- the daemons

    def start(self):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        # A name on this machine, over plain HTTP, that only this mount namespace knows.
        with open(f"{self.top}/hosts", "w", encoding="utf-8") as file:
            file.write("127.0.0.1 localhost ghcr.io\n")
        subprocess.run(["mount", "--bind", f"{self.top}/hosts", "/etc/hosts"], check=True)
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True)
        os.makedirs(f"{self.top}/config/cli-plugins")
        with open(f"{self.top}/config/cli-plugins/docker-compose", "w", encoding="utf-8") as file:
            file.write(PLUGIN)
        os.chmod(file.name, 0o755)
        with open(f"{self.top}/registry.yaml", "w", encoding="utf-8") as file:
            file.write(REGISTRY % f"{self.top}/registry")
        self.start_registry()
        self.log = open(f"{self.top}/dockerd.log", "wb")
        subprocess.Popen(["dockerd", "--data-root", f"{self.top}/data", "--exec-root", f"{self.top}/exec",
                          "--pidfile", f"{self.top}/docker.pid", "-H", f"unix://{self.top}/docker.sock",
                          "--insecure-registry", "ghcr.io", "--registry-mirror", "http://ghcr.io",
                          "--cgroup-parent", "/" + os.path.basename(self.top)],
                         env=self.environment, stdout=self.log, stderr=self.log)
        try:
            until(lambda: os.path.exists(f"{self.top}/docker.sock") and
                  self.docker("version", "-f", "{{.Server.Version}}", check=False).strip(), "dockerd")
        except RuntimeError:
            with open(f"{self.top}/dockerd.log", encoding="utf-8") as file:
                sys.stderr.write(file.read()[-3000:])
            raise
        Images(self.docker).build_all()

    def start_registry(self):
        self.registry = subprocess.Popen(["docker-registry", "serve", f"{self.top}/registry.yaml"],
                                         env=self.environment, stdout=subprocess.DEVNULL,
                                         stderr=subprocess.DEVNULL)
        until(self.registry_answers, "registry")

    def registry_answers(self):
        try:
            with urllib.request.urlopen("http://ghcr.io/v2/", timeout=1) as answer:
                return answer.status == 200
        except OSError:
            return False

    def stop_registry(self):
        self.registry.send_signal(signal.SIGKILL)
        self.registry.wait()

    # ---- the stack

    def reset(self):
        """v0.9.4 has been running, migrated; nothing else is there."""
        if not self.registry_answers():
            self.start_registry()
        names = self.docker("ps", "-aq").split()
        if names:
            self.docker("rm", "-fv", *names)
        self.docker("volume", "rm", "-f", "retaia_db")
        for image in self.docker("images", "-q", "--filter", "reference=ghcr.io/retaia/*:v1*").split():
            self.docker("rmi", "-f", image, check=False)
        self.compose("up", "-d")
        self.console("doctrine:migrations:migrate", "--no-interaction")

    def console(self, *words):
        return self.docker("exec", "retaia-core-core", "php", "bin/console", *words)

    def sql(self, query):
        return self.docker("exec", "retaia-core-db", "psql", "-XAtq", "-h", "/tmp", "-U", "core", "-c", query,
                           "core").strip()

    def running(self):
        """Service -> tag of what runs. A container that Compose 1.29 could not replace keeps the name that
        it had been given for that while: ID_NAME."""
        lines = self.docker("ps", "--format", "{{.Names}} {{.Image}}").splitlines()
        return {name.split("retaia-core-")[-1]: image.rsplit(":")[-1]
                for name, image in (line.split() for line in lines)}

    def images(self):
        now = self.running()
        return [now.get(name) for name in ("core", "ingest-cron", "ui")]

    def migrations(self):
        return self.sql("select version from doctrine_migration_versions order by 1").split()

