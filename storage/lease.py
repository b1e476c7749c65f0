"""A lease in the bucket, so that one site is in one process.

It is renewed while the run lives and runs out after TTL seconds; where its holder was a process of this
machine that is no more (a kill -9), it is taken over at once. It is a courtesy between runs, not the proof:
two writers that both believe to hold it still cannot harm one another, because the ledger is append-only.
"""

import json
import logging
import os
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psutil

from domain.clock import iso, now, parse
from domain.errors import Conflict, NotFound
from storage import keys
from storage.bucket import Bucket

log = logging.getLogger(__name__)

TTL = timedelta(seconds=90)
# A process's start is counted from the machine's, and that moves with every correction of its clock.
_DRIFT = 5.0


@dataclass(slots=True)
class Lease:
    """A held lease; `renew` often enough, `release` at the end."""

    bucket: Bucket
    site: str
    run: str
    etag: str

    def renew(self) -> None:
        """Holds on for another TTL. Raises Conflict where another run took it."""
        self.etag = self.bucket.replace(keys.lease(self.site), _document(self.run, now() + TTL), self.etag)

    def release(self) -> None:
        """Lets the next run begin at once."""
        self.etag = self.bucket.replace(keys.lease(self.site), _document(self.run, now()), self.etag)


def _document(run: str, until: datetime) -> bytes:
    me = psutil.Process()
    return json.dumps(
        {
            "v": 1,
            "run": run,
            "until": iso(until),
            "host": socket.gethostname(),
            "pid": me.pid,
            "started": me.create_time(),
        }
    ).encode()


def take(bucket: Bucket, site: str, run: str) -> Lease:
    """The site's lease. Raises Conflict naming the holder where another live run has it."""
    key = keys.lease(site)
    etag = None
    try:
        held = bucket.get(key)
    except NotFound:
        held = None
    if held is not None:
        etag = held.etag
        _refuse_living(site, held.data)
    return Lease(bucket, site, run, bucket.replace(key, _document(run, now() + TTL), etag))


def _refuse_living(site: str, document: bytes) -> None:
    try:
        holder = json.loads(document)
        lives = parse(holder["until"]) > now() and not _dead(holder)
    except (ValueError, KeyError, TypeError) as error:
        log.warning("%s holds no lease that can be read, so nobody's: %s", keys.lease(site), error)
        return
    if lives:
        raise Conflict(
            f"{site}: run {holder.get('run')} on {holder['host']} (process {holder.get('pid')}) is capturing it",
            hint=f"Wait for it to end; if it is dead, its lease runs out at {holder['until']}.",
        )


def _dead(holder: dict[str, Any]) -> bool:
    """True where the holder was a process of this machine that is no more, or an earlier run of this one."""
    if holder["host"] != socket.gethostname():
        return False
    try:
        process, started = psutil.Process(holder["pid"]), float(holder["started"])
        if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
            return True
        return abs(process.create_time() - started) > _DRIFT
    except psutil.NoSuchProcess:
        return True
