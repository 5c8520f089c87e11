"""A run of a scenario in a sandbox of its own, that was broken off, and an operator who goes on with it:
`resume`, and where it asks, the answer that the evidence gives. What is wrong is noted."""
import collections
import contextlib
import glob
import json
import os
import re
import time

from inject import trace
from sandbox import Sandbox
from scenarios import started

ROUNDS = 12  # of going on, at most
KINDS = ("losses", "unnoticed repeats", "corrupt stores", "wrong ends")


class Point:
    """One run of a scenario in a sandbox of its own."""

    def __init__(self, scenario):
        self.scenario, self.box, self.story, self.found = scenario, Sandbox(), "", []
        self.asked = self.acknowledged = 0
        self.name = os.path.basename(self.box.top)
        head = scenario.head or f"lock: {self.name}\n"
        self.write("doc.yaml", f"runbook: 1\nname: {scenario.name}\n{head}{scenario.body}")
        for name, text in scenario.files.items():
            self.write(name, text)
        os.mkdir(self.box.state, 0o700)
        if scenario.prepare:
            scenario.prepare(self.box)

    def close(self):
        for path in glob.glob(f"/run/lock/runbook/{self.name}*"):
            with contextlib.suppress(OSError):
                os.unlink(path)
        self.box.__exit__()

    def write(self, name, text):
        with open(f"{self.box.folder}/{name}", "w", encoding="utf-8") as file:
            file.write(text)

    def wrong(self, kind, words):
        self.found.append((kind, words))

    # ---- what is known of the run --------------------------------------------------------------

    def events(self, run):
        """Those that can be read; what follows them is for the program to judge."""
        found = []
        with contextlib.suppress(FileNotFoundError):
            with open(f"{self.box.state}/runs/{run}/journal.jsonl", "rb") as file:
                for line in file.read().split(b"\n"):
                    with contextlib.suppress(ValueError):
                        found.append(json.loads(line))
        return found

    def run(self):
        """The run that has begun, or None."""
        folder = f"{self.box.state}/runs"
        for run in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
            if self.events(run):
                return run
        return None

    def ended(self):
        """How the run was closed, when nothing is left to do."""
        events = self.events(self.run()) if self.run() else []
        if not events or events[-1].get("type") != "run.closed":
            return None
        return events[-1]["status"], events[-1]["exit"]

    def steps_run(self):
        mark = f"RUNBOOK_RUN_DIR={self.box.state}/".encode()
        for pid in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError):
                with open(f"/proc/{pid}/environ", "rb") as file:
                    if mark in file.read():
                        return True
        return False

    def wait_for_steps(self):
        limit = time.monotonic() + 60
        while self.steps_run():
            assert time.monotonic() < limit, "a step does not end"
            time.sleep(0.005)

    # ---- what is done --------------------------------------------------------------------------

    def words(self, command, answers=""):
        run = self.run() or "NONE"
        return command.replace("RUN", run).replace("ANSWERS", answers).split()

    def command(self, command):
        words = self.words(command)
        code, text = self.box.run(["runbook", *words])
        self.story += f"$ runbook {' '.join(words)}\n{text}[exit {code}]\n"
        return code, text

    def answers(self, text):
        """What the evidence says about each step that the program asks about."""
        said = ""
        for label in sorted(set(re.findall(r"--rerun ([\w.\[\]]+)", text))):
            done = self.scenario.done(self.scenario, self.box, label.split(".")[-1])
            said += f" --{'done' if done else 'rerun'} {label}"
            self.asked += 1
        return f"{said} --note looked" if said else ""

    def before(self):
        """All but the last command; gives the words of that."""
        commands = self.scenario.commands
        for number, command in enumerate(commands[:-1]):
            if number == len(commands) - 2 and self.scenario.kill:
                code, text, _ = trace(self.box, self.words(command), f"inject={self.scenario.kill}")
                assert code == -9, f"it was not killed: exit {code}\n{text}"
                self.wait_for_steps()
            else:
                self.command(command)
                self.wait_for_steps()
        answers = ""
        if "ANSWERS" in commands[-1]:
            answers = self.answers(self.command("resume RUN")[1])
        return self.words(commands[-1], answers)

    def settle(self):
        """Goes on until the run has ended as it should."""
        answers = ""
        for _ in range(ROUNDS):
            ended = self.ended()
            if ended in self.scenario.ends:
                return
            if not self.run():
                command = self.scenario.commands[0]
            elif ended and ended[0] == "succeeded":
                command = self.scenario.commands[-1]
            else:
                command = f"resume RUN {self.scenario.resume}{answers}"
            code, text = self.command(command)
            answers = self.answers(text) if code == 5 else ""
            if code == 6:
                self.wait_for_steps()
            elif code == 8:
                self.wrong("corrupt stores", "the store cannot be used")
                return
            elif code not in (0, 1, 3, 4, 5, 7, 10):
                self.wrong("wrong ends", f"exit {code}")
                return
        self.wrong("wrong ends", f"it ends with {self.ended()}")

    # ---- what must be true ---------------------------------------------------------------------

    def acknowledge(self, printed):
        """What the command that was killed has told: recorded events, and steps that are done."""
        events, done = [], set()
        for line in printed.split("\n"):
            if line.startswith("{"):
                with contextlib.suppress(ValueError):  # the last one may be half
                    event = json.loads(line)
                    if "type" in event and "live" not in event:
                        events.append(event)
            match = re.match(r" +\S+ +ok +[\d.]+m?s +Do (\w+)", line)
            if match:
                done.add(match[1])
        done |= {event.get("id") for event in events if event["type"] == "step.ended"
                 and event["status"] == "succeeded"}
        self.acknowledged = len(events) + len(done)
        return events, done

    def check_kept(self, told, done):
        """Each event that was told is in the record, and each step that was told to be done."""
        events = self.events(self.run()) if self.run() else []
        kept = {event["seq"]: event for event in events}
        for event in told:
            found = kept.get(event["seq"], {})
            if any(found.get(key) != event.get(key) for key in ("type", "slot", "status", "at")):
                self.wrong("losses", f"{event['type']} {event.get('id', '')} was told and is not kept")
                break
        ok = {event.get("id") for event in events
              if event["type"] == "step.ended" and event["status"] == "succeeded"}
        if done - ok:
            self.wrong("losses", f"{done - ok} was told as done and is not in the record")

    def check_read(self):
        code, text = self.command("history")
        if code != 0:
            self.wrong("corrupt stores", "history cannot be read")
        if self.run() and self.command("show RUN")[0] != 0:
            self.wrong("corrupt stores", "the run cannot be shown")
        return text

    def check_counts(self):
        """What ran, as often as it should."""
        record = collections.Counter(event.get("id") for event in self.events(self.run())
                                     if event["type"] == "step.started")
        lost = {event.get("id") for event in self.events(self.run()) if event["type"] == "step.lost"}
        for word, count in self.scenario.expect.items():
            ran, least = started(self.box, word), int(count[0])
            if ran < least and not (count.endswith("-") and word in lost):
                self.wrong("losses", f"{word} counts as done and ran {ran} times instead of {count}")
            # Rows of a table say nothing of attempts that failed.
            if ran > least and (count[1:] not in ("+", "*") or ran > record[word]):
                self.wrong("unnoticed repeats", f"{word} ran {ran} times instead of {count}")

    def check_repeats(self):
        """No step with an effect is begun anew unless the record says why."""
        events = self.events(self.run())
        effect, state, slots = set(), {}, 0
        for event in events:
            kind, slot = event["type"], event.get("slot")
            if "slots" in event:
                state = {now: state[was] for now, was in enumerate(event["slots"]) if was in state}
            if "outline" in event:
                effect = {row["slot"] for row in event["outline"]
                          if row["kind"] == "step" and row["effect"] not in ("read", "none")}
                slots = len(event["outline"])
            if kind == "loop.opened":  # copies of what stands in it, at the end
                pattern, size = range(slot + 1, slot + 1 + event["size"]), event["size"]
                effect |= {slots + number * size + at - slot - 1 for at in pattern if at in effect
                           for number in range(event["count"])}
                slots += event["count"] * size
            if kind == "run.resumed":
                state = {at: "may" if is_so in ("failed", "cancelled") else is_so
                         for at, is_so in state.items()}
            elif kind == "ask.answered" and event["answer"] == "again":
                state[slot] = "may"
            elif slot in effect and kind == "step.started":
                if state.get(slot, "may") != "may":
                    self.wrong("unnoticed repeats", f"{event.get('id')} begins anew, and was {state[slot]}")
                state[slot] = "running"
            elif slot in effect and kind == "step.ended":
                state[slot] = "may" if "again" in event else event["status"]
            elif slot in effect and kind == "step.lost":
                state[slot] = "lost"

    def check_all(self, told, done):
        """Goes on to the end, and looks at everything. told, done: of acknowledge."""
        self.check_kept(told, done)
        wrong = self.scenario.look and self.scenario.look(self.box)
        if wrong:
            self.wrong("wrong ends", wrong)
        self.check_read()
        self.settle()
        self.wait_for_steps()
        if self.scenario.cleanup:
            self.scenario.cleanup(self.box)
        if any(kind != "losses" for kind, _ in self.found) or not self.run():
            return
        history = self.check_read()
        if re.search(rf"(?m)^{self.run()[-4:]} +(unfinished|running)", history):
            self.wrong("losses", "history does not say how it ended")
        self.check_kept(told, done)
        self.check_counts()
        self.check_repeats()
