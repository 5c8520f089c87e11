"""The fenced blocks of the documentation, with the mark that may stand before each:

    <!-- KIND: ARGUMENT -->
    ```LANGUAGE
    ...
    ```
"""
import os
import re

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FENCE = re.compile(r"^(?:<!-- (?P<kind>[a-z]+)(?:: (?P<argument>.*?))? -->\n)?"
                   r"```(?P<language>[a-z]*)\n(?P<text>.*?)^```$", re.M | re.S)


class Block:
    def __init__(self, path, match, text):
        self.path = path
        self.line = text.count("\n", 0, match.start("text")) + 1
        self.kind, self.argument, self.language, self.text = match.group(
            "kind", "argument", "language", "text")
        self.start, self.end = match.span("text")

    @property
    def place(self):
        return f"{self.path}:{self.line}"


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def documents():
    """Every Markdown file of the tree, relative to its root; nothing built."""
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [f for f in folders if f not in ("build", ".git")]
        found += [os.path.relpath(os.path.join(folder, n), ROOT) for n in names
                  if n.endswith(".md")]
    return sorted(found)


def blocks(*paths):
    """Of these documents, or of all, in their order."""
    for path in paths or documents():
        text = read(path)
        for match in FENCE.finditer(text):
            yield Block(path, match, text)
