"""The documents that are measured: long, and written as people write them."""

HEAD = """runbook: 1
name: Roll out to many hosts
inputs:
  version: {pattern: 'v\\d+\\.\\d+\\.\\d+', default: v1.2.3, description: What is rolled out}
  port: {type: int, default: 8080, min: 1, max: 65535}
vars:
  api: http://127.0.0.1:${{ inputs.port }}
"""

# One host: four steps. Each @ is the host's number.
HOST = """\
  - name: Switch host @ to ${{ inputs.version }}
    id: switch_@
    run: ./bin/switch --host host-@ --version=${{ inputs.version }}
    when: inputs.port > 1024
    retry: {attempts: 3, every: 2s}
    capture: {image: "lines[0]"}
    assert: ["text.startsWith('switched')"]
  - name: Host @ is healthy
    id: health_@
    http: GET ${{ vars.api }}/hosts/@/health?version=${{ inputs.version }}
    timeout: 10s
    retry: {within: 1m, every: 2s}
    assert: ["code == 200 && json.status == 'ok'", "json.version == inputs.version"]
  - name: Record host @
    sql:
      connection: sqlite:hosts.db
      query: insert into hosts (name, version) values ('host-@', ${{ inputs.version }})
    assert: [affected == 1]
  - name: Tell about host @
    shell: |
      echo "${{ steps.switch_@.?image.orValue('none') }}" >> rollout.log
      wc -l rollout.log
    when: steps.health_@.status == 'succeeded'
    capture: {told: "int(text.split(' ')[0])"}
"""


def rollout(steps):
    """A document with so many steps of all kinds, a multiple of four."""
    return HEAD + "steps:\n" + "".join(HOST.replace("@", str(host)) for host in range(steps // 4))


def repeated(name, steps, step, head=""):
    """A document with so many steps that differ by their number, which stands for @."""
    return (f"runbook: 1\nname: {name}\n{head}steps:\n"
            + "".join(step.replace("@", str(number)) for number in range(1, steps + 1)))


def commands(steps, effect="write"):
    return repeated("Many commands", steps,
                    f'  - {{name: Command @, run: "true", effect: {effect}}}\n')


def parallel(steps, seconds):
    return ("runbook: 1\nname: Many at a time\nsteps:\n  - parallel: All\n    steps:\n"
            + f"      - run: sleep {seconds}\n" * steps)


def words(steps):
    return repeated("Many words", steps, "  - name: Word @\n    say: This is number @\n")


def queries(steps, connection):
    return repeated("Many queries", steps, """\
  - name: Look at host @
    id: host_@
    sql:
      connection: ${{ vars.database }}
      query: select name from hosts where id = ${{ @ }}
    capture: {host: value}
    assert: [row_count == 1]
""", f"vars:\n  database: {connection}\n")


def requests(steps, port):
    return repeated("Many requests", steps, """\
  - name: Request @
    id: request_@
    http: GET ${{ vars.api }}/hosts/@/health
    capture: {health: json.status}
    assert: [code == 200, "json.status == 'ok'"]
""", f"vars:\n  api: http://127.0.0.1:{port}\n")


def output(size):
    """A document with one step that writes so many bytes."""
    return f"{HEAD}steps:\n  - run: head -c {size} /dev/zero\n"
