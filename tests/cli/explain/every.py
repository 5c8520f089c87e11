"""Every key of every table and verb, every word of their values, every class and every function is
known to `runbook explain`, and no key is said to be anything."""
import re
import subprocess

TABLES = ["runbook", "library", "fragment", "requires", "import", "inputs", "defaults", "step",
          "step keys", "undo", "for_each", "assert", "retry", "rollback", "conditions",
          "library step", "outputs"]


def explain(word):
    done = subprocess.run(["runbook", "explain", word], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    return done.stdout.decode() if done.returncode == 0 else ""


words = set()
verbs = [line.split()[0] for line in explain("verbs").splitlines()]
for table in TABLES + verbs:
    text = explain(table)
    keys = re.findall(r"^  (?:  )?(\w+) {2,}(\S.*)$", text.split("\noutputs\n")[0], re.M)
    place = "step" if table == "step keys" else table
    if not keys:
        print("no keys:", table)
    for key, form in keys:
        words.add(key)
        if "anything" in form:
            print("anything:", table, key)
        words.update(re.findall(r"\w+", form.split(",")[0]) if "|" in form else [])
words.update(re.findall(r"^(\w+)  ", explain("classes"), re.M))
words.update(line.split()[0] for line in explain("effects").splitlines())
reference = re.sub(r"\([^()]*\)(?=\.)", "", explain("functions"))
forms = re.findall(r"^([\w.]+)\(.*\) -> ", reference, re.M)
for form in forms:
    words.update([form, form.rsplit(".", 1)[-1]] if "." in form else [form])
for word in sorted(words):
    if not re.search(rf"\b{re.escape(word.split('.')[-1])}\b", explain(word)):
        print("not known:", word)
print("all are known" if len(words) > 200 and len(forms) > 60 else f"few words: {len(words)}")
