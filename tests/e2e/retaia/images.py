"""The images of the stack: Debian's PHP, PostgreSQL and busybox, copied from this machine, and above them
what tests/e2e/retaia has of Core, the UI, the proxy and the database. Nothing is pulled."""
import glob
import io
import json
import os
import re
import subprocess
import tarfile

HERE = os.path.dirname(os.path.abspath(__file__))
CORE, UI = "ghcr.io/retaia/retaia-core:", "ghcr.io/retaia/retaia-ui:"
FIRST, SECOND = "Version20260105093000", "Version20260301120000"
TABLES = """
create table metric (name text not null, at timestamptz not null default now());
create table asset_operation_lock (type text not null, acquired_at timestamptz not null default now(),
    released_at timestamptz)"""
COLUMN = "alter table metric add column note text"
OLD, NEW = {FIRST: TABLES}, {FIRST: TABLES, SECOND: COLUMN}
SLOW = {FIRST: TABLES, SECOND: COLUMN + "; select pg_sleep(5)"}
BUILDS = {"v0.9.4": (True, OLD), "v1.0.0": (True, NEW),
          "v1.0.1": (False, NEW), "v1.0.2": (False, NEW),  # without the health route
          "v1.0.3": (True, SLOW)}                          # a migration of five seconds
INTERFACES = {"v0.9.4": "serve", "v1.0.0": "serve", "v1.0.1": "serve", "v1.0.2": "serve",
              "v1.0.3": "serve",
              "v1.0.9": "no-such-program"}  # its container cannot start
SERVE = ["httpd", "-f", "-p", "8080", "-h", "/srv"]
DATABASE = """#!/bin/sh
set -eu
data=/var/lib/postgresql/data
[ -s "$data/PG_VERSION" ] || {
	initdb -D "$data" --no-sync --auth=trust --username=core --encoding=UTF8 --locale=C
	echo "host all all all trust" >>"$data/pg_hba.conf"
	echo "create database core" | postgres --single -D "$data" postgres
}
exec postgres -D "$data" -F -c listen_addresses='*' -c unix_socket_directories=/tmp
"""


def programs():
    """Name in the image -> file of this machine."""
    (postgres,) = glob.glob("/usr/lib/postgresql/*/bin/postgres")
    folder = os.path.dirname(postgres)
    names = ("postgres", "initdb", "pg_isready", "psql", "pg_dump", "pg_restore")
    return {"/usr/bin/php": os.path.realpath("/usr/bin/php"),
            **{f"{folder}/{name}": f"{folder}/{name}" for name in names}}


def folders():
    """What the programs read beside themselves, where they look for it."""
    version = os.path.basename(glob.glob("/usr/share/postgresql/*")[0])
    php = os.path.basename(glob.glob("/usr/lib/php/2*")[0])
    return [f"/usr/lib/postgresql/{version}/lib", f"/usr/share/postgresql/{version}", f"/usr/lib/php/{php}",
            *glob.glob("/etc/php/*/cli"), *glob.glob("/etc/php/*/mods-available"),
            "/usr/share/postgresql-common", "/usr/share/zoneinfo"]


def libraries(files):
    """Every shared object that they are linked to, and the loader."""
    told = subprocess.run(["ldd", *files], check=False, capture_output=True, text=True).stdout
    return sorted(set(re.findall(r"(/\S+) \(0x", told)))


def objects(folder):
    return glob.glob(f"{folder}/**/*.so", recursive=True)


class Layer:
    """A tar archive in memory: what `docker import` takes."""

    def __init__(self):
        self.bytes = io.BytesIO()
        self.tar = tarfile.open(fileobj=self.bytes, mode="w", dereference=True)

    def text(self, name, text, mode=0o644):
        info = tarfile.TarInfo(name.lstrip("/"))
        info.size, info.mode = len(text.encode()), mode
        self.tar.addfile(info, io.BytesIO(text.encode()))

    def folder(self, name, mode=0o755, owner=0):
        info = tarfile.TarInfo(name.lstrip("/"))
        info.type, info.mode, info.uid, info.gid = tarfile.DIRTYPE, mode, owner, owner
        self.tar.addfile(info)

    def link(self, name, target):
        info = tarfile.TarInfo(name.lstrip("/"))
        info.type, info.linkname = tarfile.SYMTYPE, target
        self.tar.addfile(info)

    def copy(self, source, name=None):
        self.tar.add(source, arcname=(name or source).lstrip("/"))

    def done(self):
        self.tar.close()
        return self.bytes.getvalue()


def base():
    """Debian's programs, without a line of ours."""
    layer, files = Layer(), programs()
    busybox = subprocess.run(["busybox", "--list"], check=True, capture_output=True, text=True).stdout
    layer.copy("/usr/bin/busybox" if os.path.exists("/usr/bin/busybox") else "/bin/busybox", "/bin/busybox")
    for name in busybox.split():
        if name != "busybox":
            layer.link(f"/bin/{name}", "busybox")
    for name, file in files.items():
        layer.copy(file, name)
    linked = libraries([*files.values(), *(file for folder in folders() for file in objects(folder))])
    for file in linked:
        layer.copy(file)
    for folder in folders():
        if os.path.exists(folder):
            layer.copy(folder)
    layer.text("/etc/passwd", "root:x:0:0::/root:/bin/sh\npostgres:x:70:70::/var/lib/postgresql:/bin/sh\n")
    layer.text("/etc/group", "root:x:0:\npostgres:x:70:\n")
    layer.folder("/tmp", 0o1777)
    return layer.done()


def release(version, health, migrations):
    """release.php: what this build brings."""
    text = json.dumps({"version": version, "health": health, "migrations": migrations})
    return f"<?php\nreturn json_decode(<<<'END'\n{text}\nEND, true);\n"


class Images:
    """Builds them with the daemon of `docker`, a function that runs a command of docker."""

    def __init__(self, docker):
        self.docker = docker

    def make(self, image, files, instructions):
        """files: name in the image -> text, or a path of this folder; above the base."""
        layer = Layer()
        layer.text("Dockerfile", "FROM retaia-base\nCOPY root /\n" + instructions)
        layer.folder("root")
        for name, content in files.items():
            if os.path.exists(os.path.join(HERE, content)):
                layer.copy(os.path.join(HERE, content), f"root{name}")
            else:
                layer.text(f"root{name}", content, 0o755)
        self.docker("build", "-q", "-t", image, "-", input=layer.done())
        self.docker("push", "-q", image)

    def build_all(self):
        bin_folder = os.path.dirname(glob.glob("/usr/lib/postgresql/*/bin/postgres")[0])
        self.docker("import", "-c", f"ENV PATH {bin_folder}:/usr/bin:/bin", "-c", "ENV TZ UTC", "-",
                    "retaia-base", input=base())
        for version, (health, migrations) in BUILDS.items():
            self.make(CORE + version, {"/app": "core", "/app/release.php": release(version, health, migrations),
                                       "/app/var/ingest/INBOX/.keep": "\n"}, "WORKDIR /app\n")
        for version, serves in INTERFACES.items():
            self.make(UI + version, {"/srv/index.html": f"Retaia UI {version}\n"},
                      f"CMD {json.dumps(SERVE if serves == 'serve' else [serves])}\n")
        # By the names of Docker's own registry, whose mirror the registry here is.
        for name, files, instructions in (
                ("caddy:2-alpine", {"/app": "proxy"}, 'CMD ["php", "-S", "0.0.0.0:8080", "/app/index.php"]\n'),
                ("postgres:16-alpine", {"/start": DATABASE, "/var/lib/postgresql/.keep": "\n"},
                 'RUN ["/bin/busybox", "chown", "-R", "70:70", "/var/lib/postgresql"]\n'
                 'USER postgres\nCMD ["/start"]\n')):
            self.make(f"ghcr.io/library/{name}", files, instructions)
