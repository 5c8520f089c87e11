#!/usr/bin/env python3
"""A small HTTP server that misbehaves on request. It listens on free loopback ports and a socket in a
temporary folder, prints where ("http PORT", "https PORT", "unix PATH", "ca PATH", "ready"), and ends
when its standard input does. /count tells how many connections were accepted and how many
requests were read on the plain port, this one not counted."""
import gzip
import os
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time

counts = {"connections": 0, "requests": 0}
dying = set()  # connections that are closed when their next request has been read


def answer(body=b"", status="200 OK", headers=()):
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def redirect(status, location):
    return answer(b"moved", status, [f"Location: {location}"])


def echo(method, target, headers, body):
    text = f"{method} {target}\n" + "".join(f"{line}\n" for line in headers)
    return answer(text.encode() + b"\n" + body, headers=["Content-Type: text/plain"])


def forever(connection, head, piece, pause):
    connection.sendall(head)
    while True:
        connection.sendall(piece)
        time.sleep(pause)


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


BOMB = gzip.compress(b"\0" * 1_000_000)
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
REPEATED = ["X-One: a", "X-ONE: b", "X-Folded: first", "  second", "X-Empty:"]
ANSWERS = {
    "/ok": lambda: answer(b"hello"),
    "/missing": lambda: answer(b"no such thing", "404 Not Found"),
    "/repeated": lambda: answer(b"", headers=REPEATED),
    "/early": lambda: b"HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n" + answer(b"late"),
    "/once": lambda: redirect("302 Found", "/ok"),
    "/other-method": lambda: redirect("303 See Other", "/echo"),
    "/same-method": lambda: redirect("307 Temporary Redirect", "/echo"),
    "/loop": lambda: redirect("302 Found", "/loop"),
    "/to-file": lambda: redirect("302 Found", "file:///etc/passwd"),
    "/to-metadata": lambda: redirect("302 Found", "http://169.254.169.254/latest"),
    "/to-other-host": lambda: redirect("302 Found", "http://127.0.0.2:1/"),
    "/to-other-port": lambda: redirect("302 Found", "http://127.0.0.1:1/"),
    "/to-http": lambda: redirect("302 Found", "http://localhost/"),
    "/bomb": lambda: answer(BOMB, headers=["Content-Encoding: gzip"]),
    "/big": lambda: answer(b"x" * 2_000_000),
    "/short": lambda: answer(b"0123456789")[:-5],
    "/garbage": lambda: b"this is not HTTP\r\n\r\n",
    "/bad-chunk": lambda: CHUNKED + b"zz\r\nhello\r\n",
    "/silent-close": lambda: b"",
}
CLOSING = {"/short", "/garbage", "/bad-chunk", "/silent-close"}


def misbehave(connection, target):
    if target == "/hang":
        time.sleep(60)
    elif target == "/slow-headers":
        forever(connection, b"HTTP/1.1 200 OK\r\n", b"X", 0.05)
    elif target == "/endless":
        forever(connection, CHUNKED, b"400\r\n" + b"x" * 1024 + b"\r\n", 0)
    elif target == "/header-flood":
        forever(connection, b"HTTP/1.1 200 OK\r\n", b"X-Flood: " + b"y" * 900 + b"\r\n", 0)
    elif target == "/interim-flood":
        forever(connection, b"", b"HTTP/1.1 102 Processing\r\n\r\n", 0)
    elif target == "/endless-redirect":
        forever(connection, b"HTTP/1.1 302 Found\r\nLocation: /ok\r\n"
                b"Transfer-Encoding: chunked\r\n\r\n", b"400\r\n" + b"x" * 1024 + b"\r\n", 0)
    elif target == "/reset":
        reset(connection)
    else:
        return False
    return True


def read_request(stream):
    if stream.peek(1)[:1] == b"\x16":  # TLS on the plain port: a line may never end
        return None
    line = stream.readline().decode("latin-1").split()
    if len(line) != 3:
        return None
    headers = []
    while (header := stream.readline().decode("latin-1").rstrip("\r\n")):
        headers.append(header)
    lengths = [h.split(":", 1)[1] for h in headers if h.lower().startswith("content-length:")]
    return line[0], line[1], headers, stream.read(int(lengths[0]) if lengths else 0)


def serve_one(connection, method, target, headers, body):
    """Whether the connection is kept."""
    if target == "/count":
        numbers = f"{counts['connections']} {counts['requests']}"
        connection.sendall(answer(numbers.encode()))
        return True
    counts["requests"] += 1
    if connection in dying or misbehave(connection, target):
        return False
    if target == "/last":
        dying.add(connection)
        connection.sendall(answer(b"the next one is not answered"))
    elif target.partition("?")[0] == "/echo":
        connection.sendall(echo(method, target, headers, body))
    else:
        data = ANSWERS.get(target, ANSWERS["/missing"])()
        connection.sendall(data.split(b"\r\n\r\n")[0] + b"\r\n\r\n" if method == "HEAD" else data)
    return target not in CLOSING


def serve(connection):
    try:
        if isinstance(connection, ssl.SSLSocket):
            connection.do_handshake()
        stream = connection.makefile("rb")
        while (request := read_request(stream)) and serve_one(connection, *request):
            pass
        stream.close()
    except (OSError, ValueError):
        pass
    finally:
        dying.discard(connection)
        try:
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        connection.close()


def listen(listener, counted, context=None):
    while True:
        connection, _ = listener.accept()
        counts["connections"] += counted
        if context:
            connection = context.wrap_socket(connection, server_side=True,
                                             do_handshake_on_connect=False)
        elif listener.family == socket.AF_INET:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


def start(name, listener, *args):
    listener.listen(64)
    threading.Thread(target=listen, args=(listener, *args), daemon=True).start()
    address = listener.getsockname()
    print(name, address if isinstance(address, str) else address[1])


def loopback():
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    return listener


def tls_context(folder):
    key, certificate = os.path.join(folder, "key.pem"), os.path.join(folder, "ca.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", certificate,
                    "-days", "30", "-subj", "/O=Tests of runbook/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost"], check=True,
                   stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    print("ca", certificate)
    return context


def main():
    folder = tempfile.mkdtemp(prefix="runbook-http-")
    try:
        unix = socket.socket(socket.AF_UNIX)
        unix.bind(os.path.join(folder, "socket"))
        start("http", loopback(), 1)
        start("unix", unix, 0)
        start("https", loopback(), 0, tls_context(folder))
        print("ready", flush=True)
        sys.stdin.read()
    finally:
        shutil.rmtree(folder)


main()
