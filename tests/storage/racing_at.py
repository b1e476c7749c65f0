"""A worker in a process of its own: `python racing_at.py ENDPOINT BUCKET SPOOL SITE RUN FIRST DATABASE`.

It says `ready`, begins at a line on its standard input, and says how many of its captures were acknowledged. DATABASE
is where its lock is; without one (an empty word) it trusts the store's conditions. Keys come in AWS_ACCESS_KEY_ID and
AWS_SECRET_ACCESS_KEY.
"""

import sys
from contextlib import ExitStack
from pathlib import Path

from making import large_or_not

from catalogue import Catalogue
from domain.settings import Settings
from storage import Writer, connect

COUNT = 300


def main(endpoint: str, name: str, spool: str, site: str, run: str, first: str, database: str) -> None:
    bucket = connect(Settings(s3_endpoint=endpoint, bucket=name))
    with ExitStack() as stack:
        if database:
            bucket.lock = stack.enter_context(Catalogue(database)).lock
        writer = Writer(bucket, site, run, Path(spool), "tests", None)
        writer.start()
        _say("ready")
        sys.stdin.readline()
        for number in range(int(first), int(first) + COUNT):
            writer.put(large_or_not(number, site=site))
        writer.close()
        _say(str(writer.captures))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
