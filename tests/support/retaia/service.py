"""The published port of caddy: answers as the build that runs as `core`. Prints its port; ends when
its standard input does."""
import http.server
import json
import sys
import threading

import stage

REQUESTS = {}  # of each container of `core`


class Caddy(http.server.BaseHTTPRequestHandler):
    def answer(self):
        container = stage.read("containers").get("core")
        if not container:
            return 502, {}
        made = stage.build(container["image"])
        REQUESTS[container["started"]] = REQUESTS.get(container["started"], 0) + 1
        if REQUESTS[container["started"]] <= made["start"]:
            return 502, {}
        if self.path != "/api/v1/health" or not made["health"]:
            return 404, {"title": "Not Found", "detail": f'No route found for "GET {self.path}"'}
        return 200, {"status": "ok"}

    def do_GET(self):
        code, value = self.answer()
        body = json.dumps(value).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Caddy)
print(server.server_address[1], flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
