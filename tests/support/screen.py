"""A terminal of our own: what a program that runs on a pseudo terminal shows, and what it is typed.

It knows what the program may use (printable text, line ends, \\r, cursor up, clear to the end of the
screen, colours); anything else is an error, and so is a line that is longer than the screen."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
import unicodedata

ESCAPE = re.compile(r"\x1b\[(?:[\d;]*m|(\d*)([A-Za-ln-z]))")


def cells(character):
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


class Screen:
    """Rows as lists of cells; rows above the window are what has scrolled away."""

    def __init__(self, columns, rows):
        self.columns, self.height = columns, rows
        self.lines, self.row, self.column = [[]], 0, 0
        self.wrapped = []  # what did not fit
        self.frames = 0    # how often the block was cleared

    def top(self):
        return max(0, len(self.lines) - self.height)

    def put(self, character):
        width = cells(character)
        if character in "\r\n\b":
            self.move(character)
            return
        if ord(character) < 0x20 or 0x7f <= ord(character) < 0xa0:
            raise AssertionError(f"the screen was sent {character!r}")
        if self.column + width > self.columns:
            self.wrapped.append("".join(self.lines[self.row]))
            self.move("\n")
            self.column = 0
        line = self.lines[self.row]
        line += [" "] * (self.column - len(line))
        if width == 0:
            line[self.column - 1] += character
            return
        line[self.column:self.column + width] = [character] + [""] * (width - 1)
        self.column += width

    def move(self, character):
        if character == "\r":
            self.column = 0
        elif character == "\b":
            self.column = max(0, self.column - 1)
        else:
            self.row += 1
            if self.row == len(self.lines):
                self.lines.append([])

    def escape(self, count, letter):
        if letter == "A":
            self.row = max(self.top(), self.row - int(count or 1))
        elif letter == "J" and not count:
            self.lines[self.row:] = [self.lines[self.row][:self.column]]
            self.frames += 1
        else:
            raise AssertionError(f"the screen was sent the escape {count}{letter}")

    def feed(self, text):
        while text:
            match = ESCAPE.match(text)
            if match:
                if match.group(2):
                    self.escape(match.group(1), match.group(2))
                text = text[match.end():]
            else:
                self.put(text[0])
                text = text[1:]

    def resize(self, columns, rows):
        """As terminals do that break lines anew: the cursor stays with its line."""
        before, self.lines, cursor = self.lines, [], 0
        for number, line in enumerate(before):
            if number == self.row:
                cursor = len(self.lines)
            pieces = [line[i:i + columns] for i in range(0, max(len(line), 1), columns)]
            self.lines += pieces
        self.row, self.columns, self.height = cursor, columns, rows
        self.column = min(self.column, columns - 1)

    def text(self):
        return "\n".join("".join(line).rstrip() for line in self.lines).rstrip("\n")


class Terminal:
    """A program on a pseudo terminal of its own session, so that keys become signals."""

    def __init__(self, words, folder, environment, columns=100, rows=30, ignored=()):
        self.screen = Screen(columns, rows)
        self.pending, self.raw, self.code = b"", b"", None
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            for number in ignored:
                signal.signal(number, signal.SIG_IGN)
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execve(words[0], words, environment)

    def resize(self, columns, rows=30):
        """While the program is stopped: what it drew for the old size was drawn on that."""
        os.kill(self.pid, signal.SIGSTOP)
        os.waitid(os.P_PID, self.pid, os.WSTOPPED | os.WNOWAIT)
        while select.select([self.master], [], [], 0)[0]:
            self.read(0)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(columns, rows)
        os.kill(self.pid, signal.SIGCONT)

    def type(self, text):
        os.write(self.master, text.encode())

    def close(self):
        """Hangs up, as a closed window does."""
        os.close(self.master)
        self.master = -1

    def read(self, timeout):
        """False at the end."""
        ready, _, _ = select.select([self.master], [], [], timeout)
        if not ready:
            return True
        try:
            data = os.read(self.master, 65536)
        except OSError:
            data = b""
        self.raw += data
        text = (self.pending + data).decode("utf-8", "surrogateescape")
        # What may go on is kept for the next time.
        cut = re.search(r"(\x1b(\[[\d;]*)?|[\udc80-\udcff]{1,3})\Z", text)
        self.pending = text[cut.start():].encode("utf-8", "surrogateescape") if cut else b""
        self.screen.feed(text[:cut.start()] if cut else text)
        return bool(data)

    def expect(self, what, timeout=60):
        """Until a text, or what a function of the screen calls good, is on the screen."""
        good = what if callable(what) else lambda screen: what.rstrip() in screen.text()
        end = time.monotonic() + timeout
        while not good(self.screen):
            if time.monotonic() > end or not self.read(0.2):
                raise AssertionError(f"not seen: {what}\n--- screen\n{self.screen.text()}")
        return self.screen.text()

    def end(self, timeout=60):
        """Reads to the end and gives the exit code."""
        until, ended = time.monotonic() + timeout, 0
        while not ended:
            if time.monotonic() > until:
                raise AssertionError(f"it does not end\n--- screen\n{self.screen.text()}")
            if self.master >= 0 and self.read(0.2):
                continue
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            time.sleep(0 if ended else 0.02)
        self.code = os.waitstatus_to_exitcode(status)
        return self.code

    def kill(self):
        """Whatever is left of it, after a test that failed."""
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.code = -signal.SIGKILL
