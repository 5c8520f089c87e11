"""service.py PORT: the shop. Its health is what the file `health` beside it says."""
import http.server
import os
import sys

HEALTH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "health")


class Shop(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        found = self.path == "/health" and os.path.exists(HEALTH)
        body = b'{"status":"ok"}' if found else b'{"title":"Not Found"}'
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(http.server.ThreadingHTTPServer):
    allow_reuse_address = True


Server(("127.0.0.1", int(sys.argv[1])), Shop).serve_forever()
