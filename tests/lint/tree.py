"""What the lints share: the files of the tree, C without its comments, and complaints."""
import os
import re
import sys

ROOT = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else os.getcwd()
SKIPPED = 77  # ctest's SKIP_RETURN_CODE

COMMENT_OR_LITERAL = re.compile(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)

_complaints = []


def files(*endings, under=""):
    """Paths relative to the root, sorted; nothing hidden and nothing built."""
    found = []
    for folder, folders, names in os.walk(os.path.join(ROOT, under)):
        folders[:] = [f for f in folders if f not in ("build", "__pycache__", ".git")]
        found += [os.path.relpath(os.path.join(folder, n), ROOT) for n in names
                  if n.endswith(endings) and n != ".git"]  # a file in a worktree
    return sorted(found)


def exists(path):
    return os.path.exists(os.path.join(ROOT, path))


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8", errors="replace") as file:
        return file.read()


def blank(match):
    """Keeps the lines and the quotes, so that places stay right and literals stay literals."""
    text = match.group()
    inner = re.sub(r"[^\n]", " ", text[1:-1])
    return text[0] + inner + text[0] if text[0] in "\"'" else " " + inner + " "


def code(text):
    """C with comments and the contents of literals blanked."""
    return COMMENT_OR_LITERAL.sub(blank, text)


def uncommented(text):
    """C with only its comments blanked."""
    return COMMENT_OR_LITERAL.sub(lambda m: blank(m) if m.group()[0] == "/" else m.group(), text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def complain(path, line, message):
    _complaints.append(f"{path}:{line}: {message}")


def skip(message):
    print(f"skipped: {message}")
    sys.exit(SKIPPED)


def finish():
    for complaint in _complaints:
        print(complaint)
    sys.exit(1 if _complaints else 0)
