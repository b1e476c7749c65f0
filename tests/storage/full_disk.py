"""A child process whose files may not pass 256 KiB: `python full_disk.py ENDPOINT BUCKET SPOOL`.

It writes one small segment, then one that does not fit, and prints what it was told.
"""

import random
import resource
import sys
from pathlib import Path

from making import RUN, SITE, exchange

from domain.errors import StorageError
from domain.settings import Settings
from storage import Writer, connect
from storage.segment import MAX_CAPTURES


def main(endpoint: str, bucket: str, spool: str) -> None:
    writer = Writer(connect(Settings(s3_endpoint=endpoint, bucket=bucket)), SITE, RUN, Path(spool), "tests", None)
    writer.start()
    resource.setrlimit(resource.RLIMIT_FSIZE, (256 * 1024, 256 * 1024))
    for number in range(MAX_CAPTURES):
        writer.put(exchange(number, body=b"small"))
    writer.put(exchange(999, body=random.Random(1).randbytes(512 * 1024)))
    try:
        writer.close()
    except StorageError as error:
        sys.stdout.write(f"{error}\n{error.hint}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
