"""Child processes that kill themselves at a chosen moment: `python killed_at.py ENDPOINT BUCKET SPOOL`.

A line of JSON on the standard input is one of them: {"run", "first", "moment", "nth"}; one on the standard output says
how it ended. Each is forked from here, where all is imported already. Keys come in AWS_ACCESS_KEY_ID and
AWS_SECRET_ACCESS_KEY.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from making import SITE, large_or_not

from domain.settings import Settings
from storage import Bucket, Writer, connect, segment, spool

COUNT = 100
# Where it can end: (what is called, whether before its work or after it). With 100 captures, two of them large, a
# run makes 2 segments and 6 PUTs or more.
MOMENTS: dict[str, tuple[Any, str, bool, int]] = {
    "between the records of a capture": (segment.Builder, "_append", False, 300),
    "a segment is sealed, and nothing of it kept": (segment.Builder, "seal", True, 2),
    "half of a file is written": (os, "fsync", False, 8),
    "a file is on the disk": (os, "fsync", True, 8),
    "a segment is spooled": (spool.Spool, "keep", True, 2),
    "before a PUT": (Bucket, "_put", False, 6),
    "after a PUT, before its answer is known": (Bucket, "_put", True, 6),
    "the ledger names it, the spool has it still": (spool.Spool, "drop", False, 2),
    "the spool is being cleared": (spool, "_forget", True, 3),
}


def main(endpoint: str, bucket: str, folder: str) -> None:
    for line in sys.stdin:
        told = json.loads(line)
        child = os.fork()
        if not child:
            try:
                _write(endpoint, bucket, Path(folder), told)
            finally:
                os._exit(0)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _write(endpoint: str, bucket: str, folder: Path, told: dict[str, Any]) -> None:
    where, name, after, _ = MOMENTS[told["moment"]]
    setattr(where, name, _deadly(getattr(where, name), told["nth"], after=after))
    writer = Writer(connect(Settings(s3_endpoint=endpoint, bucket=bucket)), SITE, told["run"], folder, "tests", None)
    writer.start()
    for number in range(told["first"], told["first"] + COUNT):
        writer.put(large_or_not(number))
    writer.close()


def _deadly(work: Callable[..., Any], nth: int, *, after: bool) -> Callable[..., Any]:
    left = nth

    @wraps(work)
    def counted(*given: Any, **named: Any) -> Any:
        nonlocal left
        left -= 1
        if not left and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        done = work(*given, **named)
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    return counted


if __name__ == "__main__":
    main(*sys.argv[1:])
