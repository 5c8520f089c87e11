"""bin/console of Retaia Core, as far as the procedure uses it: its words, its exit codes."""
import sys
import time

import stage


def block(kind, text):
    """As SymfonyStyle prints it, without a terminal."""
    print(f"\n {f'[{kind}] {text}':<78}\n")


def readiness(made):
    if not made["ready"]:
        block("ERROR", "Ingest directories are missing: INBOX")
        return 1
    block("OK", "Ops readiness checks passed.")
    return 0


def sentry(made):
    if made["sentry"] == "skipped":
        block("WARNING", 'Skipped: current env is "dev". Use --allow-non-prod to override.')
    else:
        block("OK", "Sentry probe sent. Event ID: 5f1c0b7d9a3e4f6c8d2b1a0e9f8c7d6e")
    return 0


def migrations(command, made):
    schema = stage.read("schema")
    if command == "current":
        print(f" DoctrineMigrations\\{schema['version']}\n")
    elif command == "list":
        print(f" DoctrineMigrations\\{schema['version']}   migrated")
    elif made["migration"] in (None, schema["version"]):
        block("OK", "Already at the latest version "
                    f'("DoctrineMigrations\\{schema["version"]}")')
    else:
        stage.write("schema", {"version": made["migration"], "migrated": time.time()})
        block("OK", "Successfully migrated to version: "
                    f"DoctrineMigrations\\{made['migration']}")
    return 0


def console(args, made):
    command = args[0]
    if command == "app:ops:readiness-check":
        return readiness(made)
    if command == "app:sentry:probe":
        return sentry(made)
    if command.startswith("doctrine:migrations:"):
        return migrations(command.rsplit(":", 1)[1], made)
    if command.startswith("lint:"):
        block("OK", "All files contain valid syntax.")
        return 0
    print(f'\n  Command "{command}" is not defined.  \n', file=sys.stderr)
    return 1
