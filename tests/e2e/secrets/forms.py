"""Prints $SECRET in the forms in which programs show it, whole and with a pause in the middle."""
import base64
import json
import os
import shlex
import sys
import time
import urllib.parse

secret = os.environ["SECRET"]
raw = secret.encode()
forms = [secret, raw.hex(), raw.hex().upper(), json.dumps(secret),
         json.dumps(secret, ensure_ascii=False), urllib.parse.quote(secret),
         urllib.parse.quote(secret, safe=""), urllib.parse.quote_plus(secret), shlex.quote(secret)]
for before in (b"", b"a", b"ab"):
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        forms += [encode(before + raw).decode(), encode(before + raw + b"behind").decode()]
for form in forms:
    for piece in (form[:len(form) // 2], form[len(form) // 2:], "\n"):
        sys.stdout.write(piece)
        sys.stdout.flush()
        time.sleep(0.01)
sys.stderr.write("".join(forms))
sys.exit(7)
