"""A production of Retaia on the stage of a test: a folder of small files that the recording
fixtures `docker`, `composer` and `php` and the service on loopback share.

builds      image -> how it behaves (see BUILD); what is not there cannot be pulled
containers  service -> {image, started, every, until}: what runs, and when its cron ticks;
            {pinned} is left alone by `up -d`
schema      {version, migrated}: the last migration and when it ran
composer    {coverage, advisories}: suites that were measured, a package with an advisory
production  what app:alerts:state-conflicts counts there, see PRODUCTION
manifest    what another job has put into the manifest of the UI at once
calls       one line of JSON for each command that was started: program, args, env, cwd
"""
import json
import os
import re
import sys
import time

SERVICES = ("core", "ingest-cron", "ui", "caddy", "db")
VARIABLES = ("RETAIA_CORE_IMAGE", "RETAIA_UI_IMAGE", "RETAIA_PROD_HTTP_PORT",
             "RETAIA_BUILD_V1_READY", "RETAIA_PROD_IMAGE")
# What docker-compose.prod.yaml takes where a variable is not set.
DEFAULTS = {"RETAIA_CORE_IMAGE": "ghcr.io/retaia/retaia-core:v1.0.0",
            "RETAIA_UI_IMAGE": "ghcr.io/retaia/retaia-ui:v1.0.0"}
BUILD = {
    "health": True,     # whether the route is there
    "start": 0,         # requests that caddy answers with 502 before the build is up
    "ready": True,      # app:ops:readiness-check
    "sentry": "sent",   # or "skipped": APP_ENV is not prod
    "tick": "ok",       # or "flaky": one that fails follows each
    "every": 0.05,      # seconds from tick to tick
    "migration": None,  # what doctrine:migrations:migrate brings
    "database": "prod",  # whose alerts and locks the console sees; on the host it is the empty "dev"
}
PRODUCTION = {
    "conflicts": 0,                    # in the window
    "failed": {"move": 0, "purge": 0},  # locks that were refused in it
    "stale": {"move": 0, "purge": 0},  # locks by type
    "active": 0,                       # locks that are not stale
}


def file(name):
    return os.path.join(os.environ["RETAIA_STAGE"], name)


def read(name):
    with open(file(name), encoding="utf-8") as stream:
        return json.load(stream)


def write(name, value):
    """At once: the service reads while the fixtures write."""
    with open(file(name) + ".new", "w", encoding="utf-8") as stream:
        json.dump(value, stream)
    os.rename(file(name) + ".new", file(name))


def record():
    """This command, before it does anything."""
    call = {"program": os.path.basename(sys.argv[0]), "args": sys.argv[1:], "cwd": os.getcwd(),
            "env": {name: os.environ[name] for name in VARIABLES if name in os.environ}}
    with open(file("calls"), "a", encoding="utf-8") as stream:
        stream.write(json.dumps(call) + "\n")


def build(image):
    return {**BUILD, **read("builds").get(image, {})}


def image_of(service):
    if service in ("core", "ingest-cron"):
        return os.environ.get("RETAIA_CORE_IMAGE") or DEFAULTS["RETAIA_CORE_IMAGE"]
    if service == "ui":
        return os.environ.get("RETAIA_UI_IMAGE") or DEFAULTS["RETAIA_UI_IMAGE"]
    return {"caddy": "caddy:2-alpine", "db": "postgres:16-alpine"}[service]


def start(service):
    """As `up -d`: a container whose image has not changed is left alone."""
    containers = read("containers")
    image = image_of(service)
    was = containers.get(service)
    if was and (was["image"] == image or was.get("pinned")):
        return "Running"
    containers[service] = {"image": image, "started": time.time(), "every": build(image)["every"]}
    write("containers", containers)
    return "Recreated" if was else "Created"


def ticks():
    """When the cron of the container has ticked, and whether it went well: a build with a
    migration needs it, and a flaky one fails right behind each that did. The oldest are left out,
    as nobody asks for more than 200 lines."""
    container = read("containers")["ingest-cron"]
    made = build(container["image"])
    schema = read("schema")
    until = min(time.time(), container.get("until") or time.time())
    count = int((until - container["started"]) / container["every"]) + 1
    for number in range(max(0, count - 100), count):
        at = container["started"] + number * container["every"]
        migrated = not made["migration"] or (
            schema["version"] == made["migration"] and at > schema["migrated"])
        yield at, migrated
        if made["tick"] == "flaky":
            yield at, False


def moment(text):
    """Seconds of an instant as RFC 3339 writes it, in UTC."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z", text)
    whole = time.strptime(match[1] + "UTC", "%Y-%m-%dT%H:%M:%S%Z")
    return time.mktime(whole) - time.timezone + float(match[2] or 0)


def production():
    return {**PRODUCTION, **read("production")}
