"""backup: a million rows of alerts into the bucket and back: seconds, bytes, and the most memory that it takes."""

import json
from typing import Any

from sqlalchemy import text

from alerts.upgrading import upgrade
from bench.places import PYTHON, environment, house, temporary
from bench.processes import measured
from bench.results import goal, table
from bench.saying import say
from catalogue.connection import transaction

ROWS = 1_000_000
GOAL = 100.0  # MB: neither verb may hold the tables
_SMALL = 1_000
# A payload of a usual message is some two thousand characters, half of which no other message has.
_FILL = """
INSERT INTO channels SELECT 'c' || n, 'operator', NULL, 'webhook', 'n', 'sealed:x', NULL, 'shown', 'lane', true, '',
    NULL, 0, NULL, now() FROM generate_series(1, 10) n;
INSERT INTO told SELECT 'change' || n, now(), 'site', 'key' || n, 'new', now(), 'change' || n, CASE WHEN n % 4 = 0
    THEN jsonb_build_object('id', 'change' || n, 'title', '全市商务工作会议召开', 'excerpt', repeat('工作', 300)
    || md5(n::text) || md5((n + 1)::text) || md5((n + 2)::text)) END FROM generate_series(1, :rows / 2) n;
INSERT INTO notices SELECT 'c' || (n % 10 + 1), 'change' || n * 4, 'change' || n * 4, now(), 'instant', now(), '{s}',
    'd' || n FROM generate_series(1, :rows / 8) n;
INSERT INTO deliveries SELECT 'd' || n, 'c1', ARRAY['site key'], 1, now(), 'zh', payload, 'delivered', 1, 0, now(),
    now(), now(), NULL, now()
    FROM (SELECT payload, row_number() OVER () n FROM told WHERE payload IS NOT NULL) quoted;
INSERT INTO site_health SELECT 'site' || n, '{}', now(), NULL FROM generate_series(1, :rows / 4) n;
"""


def run(*, rounds: int | None, quick: bool) -> dict[str, object]:
    """The commands as they are run, each a process: with a thousand rows, then with a million (`rounds`: as many
    millions)."""
    many = 20_000 if quick else ROWS * (rounds or 1)
    few, found = _both(_SMALL), _both(many)
    say(f"  {many:,} rows, {found.pop('bytes'):,} bytes in the bucket; and {_SMALL:,} rows, {few.pop('bytes'):,} bytes")
    table(("", "seconds", "CPU s", "peak MB"), [*_lines(few, _SMALL), *_lines(found, many)])
    for verb, one in found.items():
        goal(f"MB more for {verb} with {many:,} rows", one.peak_mb - few[verb].peak_mb, GOAL)
    return {"rows": many, "seconds": {verb: one.seconds for verb, one in found.items()}} | {
        "peak_mb": {verb: one.peak_mb for verb, one in found.items()}
    }


def _lines(found: dict[str, Any], rows: int) -> list[tuple[object, ...]]:
    return [(f"{verb}, {rows:,} rows", one.seconds, one.cpu, one.peak_mb) for verb, one in found.items()]


def _both(rows: int) -> dict[str, Any]:
    with temporary() as state, house(state) as opened:
        upgrade(opened.catalogue.engine)
        with transaction(opened.catalogue.engine) as connection:
            for statement in _FILL.split(";\n")[:-1]:
                connection.execute(text(statement), {"rows": rows})
        env = environment(state)
        kept = measured([PYTHON, "-m", "pipeline", "backup", "--json"], env)
        back = measured([PYTHON, "-m", "pipeline", "doctor", "restore", "--yes", "--json"], env, codes=(0, 3))
    said = json.loads(kept.output)
    assert said["rows"] == json.loads(back.output)["rows"]
    return {"backup": kept, "restore": back, "bytes": said["size"]}
