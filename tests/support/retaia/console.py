"""bin/console of Retaia Core, as far as the procedure uses it: its words, its exit codes."""
import json
import os
import re
import sys
import time

import stage


def block(kind, text):
    """As SymfonyStyle prints it, without a terminal."""
    print(f"\n {f'[{kind}] {text}':<78}\n")


def table(head, rows):
    """As SymfonyStyle prints it."""
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[at]) for row in [head, *rows]) for at in range(len(head))]
    rule = " " + " ".join("-" * (width + 2) for width in widths) + " "
    for row in [None, head, None, *rows, None]:
        cells = [f"{cell:<{width}}" for cell, width in zip(row or [], widths)]
        print("  " + "   ".join(cells) + "  " if row else rule)
    print()


def options(args):
    """--name=value as numbers; Symfony refuses what the command does not have."""
    return {name: int(value or 0) for name, _, value in
            (word.removeprefix("--").partition("=") for word in args if word.startswith("--"))}


def readiness(_, made):
    if not made["ready"]:
        block("ERROR", "Ingest directories are missing: INBOX")
        return 1
    block("OK", "Ops readiness checks passed.")
    return 0


def sentry(_, made):
    if made["sentry"] == "skipped":
        block("WARNING", 'Skipped: current env is "dev". Use --allow-non-prod to override.')
    else:
        block("OK", "Sentry probe sent. Event ID: 5f1c0b7d9a3e4f6c8d2b1a0e9f8c7d6e")
    return 0


def alerts(args, made):
    given = options(args)
    found = stage.PRODUCTION if made["database"] == "dev" else stage.production()
    stale = sum(found["stale"].values())
    old = given["stale-lock-minutes"]
    rows = [("api.error.STATE_CONFLICT", found["conflicts"], given["state-conflicts-threshold"])]
    rows += [(f"lock.acquire.failed.asset_{kind}_lock", found["failed"][kind],
              given["lock-failed-threshold"]) for kind in ("move", "purge")]
    rows += [("asset_operation_lock.active", found["active"] + stale,
              given["active-locks-threshold"]),
             (f"asset_operation_lock.stale(>{old}m)", stale, given["stale-locks-threshold"])]
    table(["Metric", "Count", "Threshold"], rows)
    window = f"the last {given['window-minutes']} minute(s)."
    if any(value > most for _, value, most in rows):
        block("ERROR", f"Alert threshold exceeded in {window}")
        return 1
    block("OK", f"No alert. Metrics are within thresholds for {window}")
    return 0


def recover(args, made):
    given = options(args)
    found = stage.PRODUCTION if made["database"] == "dev" else stage.production()
    dry = "dry-run" in given
    table(["Lock type", "Stale active", "Released"],
          [(f"asset_{kind}_lock", stale, 0 if dry else stale)
           for kind, stale in found["stale"].items()])
    if dry:
        block("OK", f"Dry-run complete for locks older than {given['stale-lock-minutes']} minute(s).")
        return 0
    block("OK", f"Released {sum(found['stale'].values())} stale lock(s) older than "
                f"{given['stale-lock-minutes']} minute(s).")
    if made["database"] != "dev":
        stage.write("production", {**found, "stale": {"move": 0, "purge": 0}})
    return 0


def migrations(args, made):
    command, schema = args[0].rsplit(":", 1)[1], stage.read("schema")
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


def manifest(args, _):
    """Looks only at the form of the digest, and writes into the work tree that it runs in."""
    given = dict(word.removeprefix("--").split("=", 1) for word in args[1:])
    if not re.fullmatch("[0-9a-f]{64}", given["sha256"].lower()):
        print("Option --sha256 must be a 64-character hexadecimal SHA-256.")
        return 2
    value = {"version": given["ui-version"], "channel": "stable", "asset_url": given["asset-url"],
             "sha256": given["sha256"].lower(), "notes_url": "",
             "generated_at": time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())}
    path = os.path.abspath("public/releases/latest.json")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(json.dumps({**value, **stage.read("manifest")}, indent=4) + "\n")
    print(f"UI release manifest written to {path}")
    return 0


def lint(_, __):
    block("OK", "All files contain valid syntax.")
    return 0


COMMANDS = {"app:ops:readiness-check": readiness, "app:sentry:probe": sentry,
            "app:alerts:state-conflicts": alerts, "app:locks:watchdog-recover": recover,
            "app:release:write-ui-manifest": manifest, "doctrine:migrations:current": migrations,
            "doctrine:migrations:list": migrations, "doctrine:migrations:migrate": migrations,
            "lint:yaml": lint, "lint:container": lint}


def console(args, made):
    if args[0] in COMMANDS:
        return COMMANDS[args[0]](args, made)
    print(f'\n  Command "{args[0]}" is not defined.  \n', file=sys.stderr)
    return 1
