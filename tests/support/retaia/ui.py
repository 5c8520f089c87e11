"""The releases of the UI: a repository with tags, a server that has the artifacts, and signatures
that minisign makes."""
import contextlib
import functools
import hashlib
import http.server
import json
import os
import subprocess
import tempfile
import threading

DATA = b"retaia-ui 1.1.0\n" * 512
OLD = {"version": "1.0.0", "channel": "stable", "asset_url": "https://downloads.example.com/1.0.0.zip",
       "sha256": "0" * 64, "notes_url": "", "generated_at": "2026-01-05T09:30:00+00:00"}


@functools.lru_cache
def signed():
    """Of two keys: the public half, and what each has signed of DATA; made once."""
    made = []
    with tempfile.TemporaryDirectory(prefix="runbook-keys-") as folder:
        def minisign(*words):
            subprocess.run(["minisign", *words], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        with open(f"{folder}/ui", "wb") as stream:
            stream.write(DATA)
        for key in ("ours", "strange"):
            minisign("-G", "-W", "-p", f"{key}.pub", "-s", f"{key}.key")
            minisign("-S", "-s", f"{key}.key", "-m", "ui", "-x", f"{key}.minisig")
            with open(f"{folder}/{key}.pub", encoding="utf-8") as public, \
                    open(f"{folder}/{key}.minisig", "rb") as signature:
                made.append((public.read().split()[-1], signature.read()))
    return made


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        (_, ours), (_, strange) = signed()
        self.files = {"/v1.1.0/retaia-ui-1.1.0.zip": DATA, "/archive/1.1.0/master.zip": DATA,
                      "/v1.2.0/retaia-ui-1.2.0.zip": DATA, "/strange.minisig": strange,
                      "/v1.1.0/retaia-ui-1.1.0.zip.minisig": ours}
        self.seen = []
        self.url = f"http://127.0.0.1:{self.server_port}"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.seen.append(self.path)
        body = self.server.files.get(self.path)
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_):
        pass


class Releases:
    """Of the UI, on a host: v1.0.0 is announced, v1.1.0 is the latest that was tagged."""

    def __init__(self, retaia, server):
        self.retaia, self.server = retaia, server
        self.repository = os.path.join(retaia.box.top, "ui")
        retaia.git("init", "-q", "-b", "master", self.repository, folder=retaia.box.folder)
        for version in ("v1.0.0", "v1.1.0"):
            retaia.commit("package.json", f"{version}\n", folder=self.repository)
            retaia.git("tag", "-a", version, "-m", version, folder=self.repository)
        retaia.commit("package.json", "not released\n", folder=self.repository)
        self.path = f"{retaia.folder}/public/releases/latest.json"
        os.makedirs(os.path.dirname(self.path))
        with open(self.path, "w", encoding="utf-8") as stream:
            json.dump(OLD, stream, indent=4)
        self.inputs = {"ui_version": "1.1.0", "sha256": hashlib.sha256(DATA).hexdigest(),
                       "asset_url": server.url + "/v1.1.0/retaia-ui-1.1.0.zip",
                       "signature_url": server.url + "/v1.1.0/retaia-ui-1.1.0.zip.minisig",
                       "minisign_key": signed()[0][0], "ui_repository": self.repository}

    def command(self, **changes):
        given = {**self.inputs, **changes}
        return ("runbook run runbooks/retaia/ui-update.yaml --no-input " +
                " ".join(f"--set {name}='{value}'" for name, value in given.items()))

    def written(self):
        """The command as the seed has it."""
        given = self.inputs
        return (f"php bin/console app:release:write-ui-manifest --ui-version={given['ui_version']} "
                f"--asset-url={given['asset_url']} --sha256={given['sha256']}")

    def announced(self):
        with open(self.path, encoding="utf-8") as stream:
            return json.load(stream)


@contextlib.contextmanager
def releases(retaia):
    with Server() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Releases(retaia, server)
        server.shutdown()
