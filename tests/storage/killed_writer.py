"""A child process that runs one Writer until it is killed: `python killed_writer.py ENDPOINT BUCKET SPOOL RUN FIRST`.

Its keys come in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. It says `ready` once it writes.
"""

import sys
from itertools import count
from pathlib import Path

from making import SITE, exchange

from domain.settings import Settings
from storage import Writer, connect


def main(endpoint: str, bucket: str, spool: str, run: str, first: str) -> None:
    writer = Writer(connect(Settings(s3_endpoint=endpoint, bucket=bucket)), SITE, run, Path(spool), "tests", None)
    writer.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for number in count(int(first)):
        writer.put(exchange(number))


if __name__ == "__main__":
    main(*sys.argv[1:])
