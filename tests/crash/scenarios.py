"""What the sweep runs: documents whose steps leave a line in the file `witness` each time they start.

A scenario is killed in its last command; what stands before it is run undisturbed. expect says how
often each word stands in the witness at the end, whatever happened in between; of a word with "+"
it may be more, when the record says that it failed each time. ends: how the run may be closed."""
import dataclasses
import hashlib
import http.server
import os
import re
import sqlite3
import subprocess
import tempfile
import threading
import time
import urllib.request

LOOK = '{name: Look, id: look, run: uname, effect: read, capture: {word: text}}'
VERIFY = "verify: [{name: Good, run: test -e witness, effect: read}]\n"


def step(word, more="", script=""):
    return f'{{name: Do {word}, id: {word}, shell: "echo {word} $$ >>witness{script}"{more}}}'


def undo(word, script=""):
    return f', undo: [{step("back_" + word, script=script)}]'


def started(box, word):
    """How often it has begun: each line of the witness is a word and the pid of the step."""
    if not os.path.exists(f"{box.folder}/witness"):
        return 0
    with open(f"{box.folder}/witness", encoding="utf-8") as file:
        return [line.split()[0] for line in file].count(word)


def by_witness(scenario, box, word):
    """What an operator answers who looks: whether as much was done as there was to do."""
    return started(box, word) >= int(scenario.expect[word].rstrip("+"))


def by_failure(scenario, box, word):
    """The same of a step that is known to fail: it is never done."""
    return word != "back_two" and by_witness(scenario, box, word)


@dataclasses.dataclass
class Scenario:
    name: str
    body: str
    expect: dict
    ends: tuple = (("succeeded", 0),)
    commands: tuple = ("run doc.yaml",)  # RUN: the run that the first has made
    kill: str = ""                       # what strace injects into the command before the last
    resume: str = ""                     # more words for each resume
    head: str = ""
    done: object = by_witness
    files: dict = dataclasses.field(default_factory=dict)
    prepare: object = None
    look: object = None                  # what is wrong at any moment, in words, or None
    cleanup: object = None


def section(*steps, name="steps"):
    return f"{name}:\n" + "".join(f"  - {one}\n" for one in steps)


def once(*words):
    return {word: "1" for word in words}


LINEAR = section(LOOK, step("one"), step("two", ', env: {WORD: "${{ steps.look.word }}"}'),
                 step("three")) + section(step("tidy"), step("last"), name="finally")

KILLS = section(step("one"), step("two", script="; test -e again || { touch again; kill -9 $PPID; }"),
                step("three"))

AGAIN = section(step("one"), step("two", script="; test -e again || { touch again; exit 1; }"),
                step("three"))

# The step that fails mends the document: itself, and a step before it that was forgotten.
MEND_TWO = f"/id: two/{{\ns/exit 1/true/\ni\\\n  - {step('new')}\n}}\n"
MENDED = section(step("one"),
                 step("two", ', undo: [{say: x}]',
                      "; test -e again || { touch again; sed -i -f mend doc.yaml; exit 1; }"),
                 step("three"))
# The last step mends the undo of another one, which gets a step more.
MEND_UNDO = f"/id: two/s/{{name: Do wrong.*/{step('back_new')}, {step('back_two')}]}}/\n"
MENDED_BACK = section(step("one", undo("one")), step("two", undo("wrong").replace("back_", "")),
                      step("three", ', undo: [{say: x}]', "; sed -i -f mend doc.yaml")) + VERIFY

GRAPH = section(
    step("a"),
    "parallel: Side by side\n    id: side\n    steps:\n"
    + "".join(f"      - {step(word, script=f'; sleep 0.0{number}')}\n"
              for number, word in enumerate(("b", "c", "d"), 1)),
    step("e", ", needs: [a]"), step("f", ", needs: [side, e]"))

RETRY = section(
    step("one"),
    step("twice", ", retry: {attempts: 4, every: 10ms}",
         "; test $(grep -c ^twice witness) -ge 2"),
    step("fails", ", on_failure: continue", "; exit 3"),
    step("two"))

ROLLBACK = (section(step("one", undo("one")), step("two", undo("two")),
                    "{name: Fails, id: fails, run: 'false', effect: read}") + VERIFY
            + "rollback: {mode: automatic, steps: [" + step("settle") + "]}\n"
            + section(step("tidy"), step("last"), name="finally"))

BROKEN = (section(step("one", undo("one")),
                  step("two", ', undo: [' + step("back_two", script="; exit 1") + "]"),
                  "{name: Fails, id: fails, run: 'false', effect: read}") + VERIFY
          + "rollback: {mode: automatic}\n")

GATE = section(step("one"), "{approve: Go on, id: go}", step("two"), step("three"))

CALL = section(
    step("one"),
    "group: Inside\n    timeout: 1m\n    steps:\n"
    f"      - {step('two')}\n      - call: called.yaml\n        id: called\n",
    step("three"))
CALLED = ("runbook: 1\nname: Called\nlock: false\npreconditions:\n  - {run: 'true', effect: read}\n"
          + section(step("inner"), step("other")) + VERIFY)

ANSWERS = section(
    step("repeats", ", on_crash: rerun"),
    step("probed", ", done_when: {run: test -e probed, effect: read}", "; touch probed"),
    step("skips", ", on_crash: skip"), step("last"))

# Rounds have the id of their step with a number for each loop around them.
LOOP = section(
    step("one"),
    '{name: Each, id: each, for_each: [0, 1, 2], env: {ITEM: "${{ item }}"}, '
    'shell: "echo each[$ITEM] $$ >>witness"}',
    step("two"))
# Of the loops none can begin a round while the first step runs: they are opened before that.
LOOPS = ("steps:\n  - parallel: Side by side\n    steps:\n"
         f"      - {step('first', script='; sleep 0.02')}\n"
         "      - group: Inside\n        for_each: {items: [0, 1], parallel: 2}\n        steps:\n"
         "          - for_each: \"[0, 1].map(at, '[' + string(item) + '][' + string(at) + ']')\"\n"
         "            id: inner\n"
         '            env: {ITEM: "${{ item }}"}\n            shell: "echo inner$ITEM $$ >>witness"\n'
         f"  - {step('last')}\n")

# More than a line of the journal takes is moved to values/.
FILES = section(
    "{name: Large, id: large, run: seq 60000, effect: read, capture: {all: text}}",
    step("one"),
    "{name: Write, id: write, write: {path: made, content: \"${{ string(size(steps.large.all)) }}\"}}",
    "{name: Read, id: read, file: made, assert: [\"content == '348893'\"]}",
    step("two"))


# ---- HTTP --------------------------------------------------------------------------------------

LARGE = b"a release of several pieces\n" * 6000  # comes in more than one


class Posts(http.server.BaseHTTPRequestHandler):
    """POST /TOP/WORD: a line in the witness of that sandbox. One request after another."""

    def do_POST(self):  # pylint: disable=invalid-name
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        _, top, word = self.path.split("/")
        with open(os.path.join(tempfile.gettempdir(), top, "work", "witness"), "a",
                  encoding="utf-8") as file:
            file.write(f"{word} 0\n")
        self.do_GET()

    def do_GET(self):  # pylint: disable=invalid-name
        body = self.path.rpartition("/")[2].encode()
        body = LARGE if body == b"large" else body
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):  # pylint: disable=arguments-differ
        pass


class Server(http.server.HTTPServer):
    def handle_error(self, request, client_address):
        """Who was killed does not wait for the answer."""


SERVER = Server(("127.0.0.1", 0), Posts)
SERVER.socket.listen(128)
URL = f"http://127.0.0.1:{SERVER.server_port}"


def http_prepare(box):
    if not any(thread.name == "posts" for thread in threading.enumerate()):
        threading.Thread(target=SERVER.serve_forever, name="posts", daemon=True).start()
    with open(f"{box.folder}/doc.yaml", encoding="utf-8") as file:
        text = file.read()
    with open(f"{box.folder}/doc.yaml", "w", encoding="utf-8") as file:
        file.write(text.replace("URL", f"{URL}/{os.path.basename(box.top)}"))


def http_done(scenario, box, word):
    """An answer says that the server has read all that was sent before."""
    urllib.request.urlopen(f"{URL}/").close()
    return by_witness(scenario, box, word)


HTTP = section(step("one"), "{name: Do first, id: first, http: POST URL/first}", step("two"),
               "{name: Do second, id: second, http: POST URL/second, json: {a: b}}",
               "{name: Look, id: look, http: URL/, capture: {got: code}}", step("three"))


# ---- downloads ---------------------------------------------------------------------------------

# A file that takes the place of another, and one that is refused.
DOWNLOAD = section(
    step("one"),
    "{name: Get it, id: get, download: URL/large, to: app, version: 2.0.0, mode: '0755', "
    f"sha256: {hashlib.sha256(LARGE).hexdigest()}}}",
    step("two"),
    f"{{name: Refused, id: bad, download: URL/large, to: bad, sha256: {'0' * 64}, on_failure: continue}}",
    step("three"))


def download_state(box):
    """Of the file: old, new, or what it is not to be at any moment."""
    with open(f"{box.folder}/app", "rb") as file:
        content = file.read()
    return {b"old": "old", LARGE: "new"}.get(content, f"{len(content)} bytes")


def download_look(box):
    state = download_state(box)
    if state not in ("old", "new"):
        return f"app is {state}"
    return "what was refused is there" if os.path.exists(f"{box.folder}/bad") else None


def download_done(scenario, box, word):
    if word in ("get", "bad"):
        return word == "get" and download_state(box) == "new"
    return by_witness(scenario, box, word)


def download_cleanup(box):
    assert download_state(box) == "new", "it counts as done, and the old file is there"


# ---- SQL ---------------------------------------------------------------------------------------

def sql_steps(connection):
    def insert(word):
        return (f'{{name: Do {word}, id: {word}, sql: {{connection: "{connection}", query: '
                f"\"INSERT INTO witness VALUES ('{word}'); INSERT INTO other VALUES ('{word}')\"}}}}")
    return section(step("one"), insert("first"), step("two"), insert("second"), step("three"))


def sqlite_prepare(box):
    with sqlite3.connect(f"{box.folder}/base.db") as base:
        base.execute("CREATE TABLE witness (word TEXT)")
        base.execute("CREATE TABLE other (word TEXT)")
    base.close()


def note_rows(box, words):
    """Adds the words of the table to the witness, and says that both tables hold the same."""
    with open(f"{box.folder}/witness", "a", encoding="utf-8") as file:
        file.writelines(f"{word} 0\n" for word in words)


def sqlite_rows(box, table="witness"):
    base = sqlite3.connect(f"{box.folder}/base.db")
    words = [row[0] for row in base.execute(f"SELECT word FROM {table}")]
    base.close()
    return words


def sqlite_done(scenario, box, word):
    return word in sqlite_rows(box) if word in ("first", "second") else by_witness(scenario, box, word)


def sqlite_cleanup(box):
    assert sorted(sqlite_rows(box)) == sorted(sqlite_rows(box, "other")), "half a transaction"
    note_rows(box, sqlite_rows(box))


def psql(box, text):
    done = subprocess.run(["psql", "-XAtq", box.environment["POSTGRES_URI"], "-c", text],
                          stdout=subprocess.PIPE, check=True, timeout=60)
    return done.stdout.decode().split()


def name_of(box):
    return re.sub(r"\W", "_", os.path.basename(box.top)).lower()


def postgres_prepare(box):
    name = name_of(box)
    uri = box.environment["POSTGRES_URI"] + f"?application_name={name}&options=-csearch_path%3D{name}"
    psql(box, f"CREATE SCHEMA {name}; CREATE TABLE {name}.witness (word text); "
              f"CREATE TABLE {name}.other (word text)")
    with open(f"{box.folder}/doc.yaml", encoding="utf-8") as file:
        text = file.read()
    with open(f"{box.folder}/doc.yaml", "w", encoding="utf-8") as file:
        file.write(text.replace("CONNECTION", uri))


def postgres_rows(box, table="witness"):
    """Once the server has done what a client that was killed had sent."""
    limit = time.monotonic() + 60
    while psql(box, f"SELECT 1 FROM pg_stat_activity WHERE application_name = '{name_of(box)}'"):
        assert time.monotonic() < limit, "the server does not notice that its client is dead"
        time.sleep(0.01)
    return psql(box, f"SELECT word FROM {name_of(box)}.{table}")


def postgres_done(scenario, box, word):
    return word in postgres_rows(box) if word in ("first", "second") else by_witness(scenario, box, word)


def postgres_cleanup(box):
    rows = postgres_rows(box)
    assert sorted(rows) == sorted(postgres_rows(box, "other")), "half a transaction"
    note_rows(box, rows)
    psql(box, f"SET client_min_messages = error; DROP SCHEMA {name_of(box)} CASCADE")


# ---- all ---------------------------------------------------------------------------------------

BACK = once("one", "two", "back_one", "back_two", "settle", "tidy", "last")
ROWS = once("one", "two", "three", "first", "second")
ROLLED_BACK = (("rolled_back", 3), ("rolled_back", 0))

SCENARIOS = [
    Scenario("linear", LINEAR, once("one", "two", "three", "tidy", "last")),
    Scenario("graph", GRAPH, once(*"abcdef"), commands=("run doc.yaml -j 4",)),
    Scenario("retry", RETRY, {**once("one", "two"), "twice": "2", "fails": "1+"}),
    Scenario("rollback", ROLLBACK, BACK, ends=ROLLED_BACK),
    Scenario("rollback_fails", BROKEN, {**once("one", "two"), "back_two": "1+"},
             ends=(("rollback_failed", 4),), done=by_failure),
    Scenario("rollback_by_hand", section(step("one", undo("one")), step("two", undo("two"))) + VERIFY
             + "rollback: {steps: [" + step("settle") + "]}\n", once(*list(BACK)[:5]),
             ends=ROLLED_BACK, commands=("run doc.yaml", "rollback RUN --reason bad")),
    Scenario("approval", GATE, once("one", "two", "three"), resume="--approve go"),
    Scenario("approval_given", GATE, once("one", "two", "three"), resume="--approve go",
             commands=("run doc.yaml", "resume RUN --approve go")),
    Scenario("sqlite", sql_steps("sqlite:base.db"), ROWS, done=sqlite_done, prepare=sqlite_prepare,
             cleanup=sqlite_cleanup),
    Scenario("http", HTTP, ROWS, done=http_done, prepare=http_prepare),
    Scenario("download", DOWNLOAD, once("one", "two", "three"), done=download_done, prepare=http_prepare,
             files={"app": "old"}, look=download_look, cleanup=download_cleanup),
    Scenario("postgres", sql_steps("CONNECTION"), ROWS, done=postgres_done, prepare=postgres_prepare,
             cleanup=postgres_cleanup),
    Scenario("resume", LINEAR, once("one", "two", "three", "tidy", "last"), kill="clone:signal=KILL:when=3",
             commands=("run doc.yaml", "resume RUN --rerun two --note looked")),
    Scenario("resume_done", KILLS, once("one", "two", "three"),
             commands=("run doc.yaml", "resume RUN ANSWERS")),
    Scenario("resume_rollback", ROLLBACK, BACK, ends=ROLLED_BACK, kill="clone:signal=KILL:when=5",
             commands=("run doc.yaml", "resume RUN ANSWERS")),
    Scenario("resume_graph", GRAPH, once(*"abcdef"), kill="clone:signal=KILL:when=2",
             commands=("run doc.yaml -j 4", "resume RUN ANSWERS")),
    Scenario("resume_failed", AGAIN, {**once("one", "three"), "two": "1+"},
             commands=("run doc.yaml", "resume RUN")),
    Scenario("resume_broken", BROKEN, {**once("one", "two"), "back_two": "1+"}, done=by_failure,
             ends=(("rollback_failed", 4),), commands=("run doc.yaml", "resume RUN")),
    Scenario("mended", MENDED, {**once("one", "new", "three"), "two": "1+"},
             files={"mend": MEND_TWO}, resume="--accept-changes",
             commands=("run doc.yaml", "resume RUN --accept-changes")),
    Scenario("mended_back", MENDED_BACK,
             {**once("one", "two", "three", "back_one", "back_new", "back_two"), "wrong": "0"},
             ends=(("rolled_back", 0),), files={"mend": MEND_UNDO},
             commands=("run doc.yaml", "rollback RUN --accept-changes")),
    Scenario("abort", LINEAR, {"one": "1", "two": "0", "three": "0", "tidy": "1-", "last": "1-"},
             ends=(("cancelled", 10),), kill="clone:signal=KILL:when=3",
             commands=("run doc.yaml", "resume RUN --abort --note enough"), resume="--abort"),
    Scenario("call", CALL, once("one", "two", "inner", "other", "three"),
             files={"called.yaml": CALLED}),
    Scenario("loop", LOOP, once("one", "each[0]", "each[1]", "each[2]", "two")),
    Scenario("loops", LOOPS, once("first", "inner[0][0]", "inner[0][1]", "inner[1][0]", "inner[1][1]", "last"),
             commands=("run doc.yaml -j 1",)),
    Scenario("part", CALL, {**once("one", "inner", "three"), "two": "0", "other": "0"},
             files={"called.yaml": CALLED}, commands=("run doc.yaml --skip two,called.other",)),
    Scenario("part_rollback", ROLLBACK, {**BACK, "one": "0", "back_one": "0"}, ends=ROLLED_BACK,
             commands=("run doc.yaml --only two,fails", "resume RUN ANSWERS"),
             kill="clone:signal=KILL:when=3"),
    Scenario("answers", ANSWERS, {**once("probed", "last"), "repeats": "1*", "skips": "1-"}),
    Scenario("files", FILES, once("one", "two"), done=lambda scenario, box, word:
             os.path.exists(f"{box.folder}/made") if word == "write" else by_witness(scenario, box, word)),
]
