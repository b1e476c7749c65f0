"""The writer: takes captures from a spider and gets them acknowledged, in a thread of its own.

Order of events for a segment: sealed → spooled (fsync) → PUT → ledger entry → spool dropped. A capture is
acknowledged when its ledger entry is; nothing downstream hears of it before. While one segment is on its way
the next is built: an endpoint takes about as long over a segment as we do.
"""

import logging
import queue
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from domain.capture import Exchange
from domain.clock import iso, now
from domain.errors import StorageError
from storage import big, keys, training
from storage.archive import Archive
from storage.bucket import Bucket
from storage.lease import Lease
from storage.ledger import Commit, Ledger
from storage.segment import MAX_CAPTURES, Builder
from storage.spool import Kept, Spool

log = logging.getLogger(__name__)

SEAL_AFTER = 10.0
RENEW_AFTER = 20.0
# What may wait while a segment is on its way, the segment being built included; bytes count until acknowledged.
QUEUE = 128
QUEUE_BYTES = 32 * 2**20
_ROOM = QUEUE - MAX_CAPTURES


class Writer:
    """One run of one site. `put` from the spider's thread, `close` once; both raise what the thread met."""

    def __init__(self, bucket: Bucket, site: str, run: str, spool: Path, software: str, lease: Lease | None) -> None:
        self._bucket, self._site, self._run, self._software = bucket, site, run, software
        self._spool = Spool(spool, site)
        self._ledger = Ledger(bucket, site)
        self._lease = lease
        self._queue: queue.Queue[tuple[Exchange, ...] | None] = queue.Queue(_ROOM)
        self._waiting = self._building = 0
        self._counting = threading.Lock()
        self._builder: Builder | None = None
        self._given: tuple[Exchange, ...] | None = None
        self._dictionary: training.Held | None = None
        self._opened = self._renewed = time.monotonic()
        self.error: StorageError | None = None
        self.captures = self.segments = self._sealed = 0
        self._flushed = threading.Event()
        self._sender = ThreadPoolExecutor(1, f"sender-{site}")
        self._sending: Future[None] | None = None
        self._thread = threading.Thread(target=self._work, name=f"writer-{site}", daemon=True)

    def start(self) -> None:
        """Sends what earlier runs left in the spool, then begins. Raises EndpointDown."""
        for kept in self._spool.pending():
            log.info("%s: sending %s, left by an earlier run", self._site, kept.path.name)
            self._commit(kept.sealed.index.run, kept, resent=True)
            self._renew()
        self._dictionary = training.newest(self._bucket, self._site)
        self._thread.start()

    @property
    def crowded(self) -> bool:
        """True while the endpoint or the disk is slower than the spider: wait before you put."""
        return self.error is None and (self._queue.qsize() >= _ROOM // 2 or self._waiting >= QUEUE_BYTES)

    def put(self, exchange: Exchange) -> None:
        """Hands over one capture. Raises StorageError where the writer has failed or is closed."""
        self.put_together((exchange,))

    def put_together(self, exchanges: Sequence[Exchange]) -> None:
        """Hands over captures that one segment is to hold, one behind the other: a page and its further ones.

        At most 64. Raises StorageError as `put` does.
        """
        if self.error:
            raise self.error
        if not self._thread.is_alive():
            raise StorageError(f"{self._site}: the writer is not running: {exchanges[0].url} is not kept")
        if len(exchanges) > MAX_CAPTURES:
            raise StorageError(f"{self._site}: {exchanges[0].url}: {len(exchanges)} captures do not fit in a segment")
        self._count(sum(len(exchange.body) for exchange in exchanges))
        self._queue.put(tuple(exchanges))

    def _count(self, size: int) -> None:
        with self._counting:
            self._waiting += size

    def flush(self) -> None:
        """Seals what is held, and waits until all that was handed over is acknowledged. Raises StorageError."""
        self._flushed.clear()
        self._queue.put(())
        while not self._flushed.wait(0.1):
            if self.error or not self._thread.is_alive():
                raise self.error or StorageError(f"{self._site}: the writer is not running: nothing can be flushed")

    def close(self) -> None:
        """Seals, sends and waits for the last acknowledgement. Raises StorageError; then the spool is kept, and where
        it was not the disk that failed, all that was handed over is in it or acknowledged."""
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join()
        if self.error:
            raise self.error

    def _work(self) -> None:
        """The thread's run: its one boundary. Whatever stops the writing early is raised to the spider; what
        is no StorageError goes on to threading.excepthook besides, with its traceback."""
        ended, keeping = StorageError(f"{self._site}: the writer ended on an unforeseen error; the log has it"), False
        try:
            self._loop()
        except StorageError as error:
            log.error("%s: %s", self._site, error)
            ended, keeping = error, True
        finally:
            if not self._done:
                self.error = ended
                self._drain(keeping=keeping)
            self._sender.shutdown()

    def _loop(self) -> None:
        while True:
            self._next()
            self._take()
            self._renew()
            if self._stopping or self._flushing or (self._sending and self._sending.done()):
                self._settle()
            if self._flushing:
                self._flushing = False
                self._flushed.set()
            if self._stopping:
                self._done = True
                return

    _stopping = _done = _flushing = False

    def _next(self) -> None:
        try:
            self._given = self._queue.get(timeout=1.0)
        except queue.Empty:
            return
        self._stopping, self._flushing = self._given is None, self._given == ()

    def _take(self) -> None:
        if self._given:
            self._add(self._given)
            self._given = None
        if self._builder and (self._builder.full or self._stopping or self._flushing or self._aged()):
            self._seal()

    def _drain(self, *, keeping: bool) -> None:
        """Takes what is still handed over until the end, so that a failed writer never blocks the spider. While the
        disk takes it, it goes into the spool: the next run sends it."""
        while True:
            try:
                if keeping:
                    self._take()
            except StorageError as error:
                log.error("%s: what came last is not kept: %s", self._site, error)
                keeping = False
            if self._stopping:
                return
            self._next()

    def _add(self, exchanges: tuple[Exchange, ...]) -> None:
        if self._builder and len(self._builder) + len(exchanges) > MAX_CAPTURES:
            self._seal()
        if self._builder is None:
            shared = self._dictionary.dictionary if self._dictionary else None
            self._builder = Builder(self._site, self._run, now(), self._software, shared)
            self._opened = time.monotonic()
        for exchange in exchanges:
            self._builder.add(exchange)
            self._building += len(exchange.body)

    def _aged(self) -> bool:
        """True where a segment waits too long, or holds so much that the spider would wait for it."""
        return time.monotonic() - self._opened > SEAL_AFTER or self._building >= QUEUE_BYTES // 2

    def _seal(self) -> None:
        assert self._builder is not None
        sealed, self._builder = self._builder.seal(), None
        self._sealed += 1
        kept = self._spool.keep(self._run, self._sealed, sealed)
        if self.error:
            return
        self._settle()
        self._sending = self._sender.submit(self._send, kept, self._building)
        self._building = 0

    def _settle(self) -> None:
        """Waits until the segment on its way is acknowledged: one at a time, in order. Raises what it met."""
        sending, self._sending = self._sending, None
        if sending:
            sending.result()

    def _send(self, kept: Kept, size: int) -> None:
        seq = self._commit(self._run, kept)
        self._count(-size)
        self.segments += 1
        self.captures += len(kept.sealed.index.captures)
        self._learn(seq)

    def _learn(self, seq: int) -> None:
        """Looks for a better dictionary now and then, for the segments that follow. All is kept by now: that it
        fails, or waits for another time, loses nothing."""
        if not training.is_due(seq, self._dictionary):
            return
        try:
            better = training.improve(Archive(self._bucket), self._site, self._dictionary)
        except StorageError as error:
            log.warning("%s: no dictionary could be trained: %s", self._site, error)
            return
        self._dictionary = better or self._dictionary

    def _commit(self, run: str, kept: Kept, *, resent: bool = False) -> int:
        sealed = kept.sealed
        key = keys.segment(self._site, run, kept.number, sealed.sha256)
        for sha256, body in sealed.bodies.items():
            big.put(self._bucket, sha256, body)
        self._bucket.put_once(key, sealed.data, "application/warc+zstd")
        entry = self._ledger.append(
            Commit(
                segment=key,
                sha256=sealed.sha256,
                size=len(sealed.data),
                captures=len(sealed.index.captures),
                records=len(sealed.index.frames),
                root=sealed.index.root,
                run=run,
                at=iso(now()),
            ),
            resent=resent,
        )
        self._spool.drop(kept)
        return entry.seq

    def _renew(self) -> None:
        if self._lease and time.monotonic() - self._renewed > RENEW_AFTER:
            self._lease.renew()
            self._renewed = time.monotonic()
