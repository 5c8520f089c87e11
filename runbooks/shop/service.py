"""service.py FD: the shop, on a listening socket that it inherits. Its health is what the file
`health` beside it says."""
import http.server
import os
import socket
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


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Shop, bind_and_activate=False)
server.socket.close()
server.socket = socket.socket(fileno=int(sys.argv[1]))
server.serve_forever()
