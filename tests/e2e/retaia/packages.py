"""A repository of Composer on loopback: one package, and the advisories that a test gives it."""
import http.server
import json
import threading

PACKAGE = "retaia/metrics"


class Packages(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.advisories = []
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def composer(self):
        """composer.json of Retaia, with the scripts of the seed."""
        return json.dumps({
            "name": "retaia/core", "version": "1.0.0", "require": {PACKAGE: "1.0.0"},
            "repositories": [{"type": "composer", "url": self.url}, {"packagist.org": False}],
            "config": {"secure-http": False},
            "scripts": {
                "release:check": [
                    "@php scripts/check-translation-keys.php", "@php scripts/check-openapi-routes.php",
                    "@php bin/console lint:yaml config", "@php bin/console lint:container",
                    "@php scripts/check-coverage-threshold.php var/coverage/clover-unit.xml 80",
                    "@php scripts/check-coverage-threshold.php var/coverage/clover-functional.xml 80",
                    "@php bin/console app:ops:readiness-check", "@php bin/console app:sentry:probe"],
                "prod:image:build": "bash scripts/build-prod-image.sh"}}, indent=4)

    def answers(self):
        return {
            "/packages.json": {"packages": [], "metadata-url": "/p2/%package%.json",
                               "security-advisories": {"metadata": False, "api-url": self.url + "/advisories"}},
            f"/p2/{PACKAGE}.json": {"packages": {PACKAGE: [{
                "name": PACKAGE, "version": "1.0.0", "version_normalized": "1.0.0.0",
                "dist": {"type": "path", "url": "packages/metrics", "reference": "1"}}]}},
            f"/p2/{PACKAGE}~dev.json": {"packages": {PACKAGE: []}},
            "/advisories": {"advisories": {PACKAGE: self.advisories} if self.advisories else {}}}

    def advise(self, title):
        self.advisories = [{
            "advisoryId": "PKSA-1", "packageName": PACKAGE, "remoteId": "1", "title": title,
            "link": self.url, "cve": "CVE-2026-24765", "affectedVersions": "<=1.0.0", "source": "test",
            "reportedAt": "2026-01-01 00:00:00", "composerRepository": self.url,
            "sources": [{"name": "test", "remoteId": "1"}]}]


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        value = self.server.answers().get(self.path.split("?")[0])
        body = json.dumps(value).encode()
        self.send_response(404 if value is None else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_):
        pass
