"""The catalogue's one door. Every method raises CatalogueError where the database is away."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from catalogue import (
    citing,
    clusters,
    comparing,
    differing,
    dumping,
    files,
    generations,
    locking,
    mementos,
    pages,
    planning,
    reading,
    rereading,
    searching,
    summaries,
    tallies,
    upgrading,
    upheavals,
    writing,
)
from catalogue.connection import engine, transaction
from catalogue.kinds import (
    Asked,
    Difference,
    Gap,
    Generation,
    Memento,
    Neighbours,
    PageState,
    Policy,
    Progress,
    Reading,
    Rereading,
    TimeMapPage,
)
from domain.article import Article
from domain.capture import Capture, KnownFile, RunSummary
from domain.change import Change, ChangeType, FileSeen, History, Status, Version
from domain.citation import DocumentNumber
from domain.health import Arrivals, RunNumbers
from domain.mask import MaskRule


class Catalogue:
    """Pages, captures, articles, versions and changes in PostgreSQL: a cache, rebuilt from the bucket.

    `url` is a PostgreSQL address. Safe to share between threads; close it when done, or use it in `with`.
    """

    def __init__(self, url: str) -> None:
        self.engine = engine(url)

    def __enter__(self) -> "Catalogue":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def upgrade(self) -> None:
        """Brings the tables to the newest form; does nothing where they are."""
        upgrading.upgrade(self.engine)

    def close(self) -> None:
        self.engine.dispose()

    # Writing

    def progress(self, site: str) -> Progress:
        """How far the site's ledger is read and compared; zeros for a site not seen yet."""
        with transaction(self.engine) as connection:
            return writing.progress(connection, site)

    def record(self, site: str, seq: int, rows: Sequence[Reading]) -> None:
        """One ledger entry."""
        writing.record(self.engine, site, [(seq, rows)])

    def record_many(self, site: str, entries: writing.Entries) -> None:
        """Ledger entries in a row, in one transaction."""
        writing.record(self.engine, site, entries)

    def put_run(self, run: RunSummary) -> None:
        writing.put_run(self.engine, run)

    def put_runs(self, site: str, runs: Sequence[RunSummary]) -> None:
        writing.put_runs(self.engine, site, runs)

    def clear(self, site: str | None = None) -> None:
        writing.clear(self.engine, site)

    # Comparing

    def pages_to_compare(self, site: str) -> tuple[int, tuple[str, ...]]:
        return comparing.pages_to_compare(self.engine, site)

    def stale(self, site: str, urlkeys: Sequence[str], reader: str) -> dict[str, list[tuple[int, Capture]]]:
        return rereading.stale(self.engine, site, urlkeys, reader)

    def count_stale(self, site: str, reader: str) -> int:
        return rereading.count(self.engine, site, reader)

    def observations(self, site: str, urlkey: str) -> comparing.Observed:
        return comparing.observations(self.engine, site, urlkey)

    def articles(self, site: str, digests: set[str]) -> dict[str, Article]:
        """Articles by digest; those that are there."""
        with transaction(self.engine) as connection:
            return upheavals.articles(connection, site, digests)

    def masks(self, site: str) -> tuple[MaskRule, ...]:
        return upheavals.masks(self.engine, site)

    def observed(
        self, site: str, urlkeys: Sequence[str], *, anew: Rereading | None = None, upto: int | None = None
    ) -> dict[str, comparing.Observed]:
        return comparing.observed(self.engine, site, urlkeys, anew=anew, upto=upto)

    def put_histories(
        self,
        site: str,
        upto_seq: int,
        histories: Sequence[History],
        *,
        since: Progress | None = None,
        anew: Rereading | None = None,
        old: frozenset[str] = frozenset(),
        pace: float = 1.0,
    ) -> tuple[Change, ...]:
        return comparing.put_histories(
            self.engine, site, upto_seq, histories, since=since, anew=anew, old=old, pace=pace
        )

    def page_states(self, site: str) -> tuple[PageState, ...]:
        return pages.page_states(self.engine, site)

    def due(self, site: str, asked: Asked) -> tuple[PageState, ...]:
        return planning.due(self.engine, site, asked)

    def count_due(self, site: str, asked: Asked) -> int:
        return planning.count_due(self.engine, site, asked)

    def upcoming(self, site: str, limit: int) -> tuple[PageState, ...]:
        return planning.upcoming(self.engine, site, limit)

    def tempo(self, site: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return planning.tempo(self.engine, site)

    def publishing(self, site: str, since: datetime) -> tuple[tuple[bool, int, int], ...]:
        return planning.publishing(self.engine, site, since)

    def entries_asked(self, site: str, urlkeys: Sequence[str]) -> dict[str, tuple[datetime, datetime]]:
        return planning.entries_asked(self.engine, site, urlkeys)

    def last_capture(self, site: str) -> datetime | None:
        return planning.last_capture(self.engine, site)

    def gone(self, site: str) -> set[str]:
        return pages.gone(self.engine, site)

    def known(self, site: str) -> set[str]:
        return pages.known(self.engine, site)

    def files(self, site: str) -> dict[str, KnownFile]:
        return files.files(self.engine, site)

    def attached(self, site: str, urlkeys: Sequence[str]) -> dict[str, tuple[str, ...]]:
        return files.attached(self.engine, site, urlkeys)

    def files_held(self, site: str, urls: Sequence[str]) -> dict[str, list[Capture]]:
        return files.files_held(self.engine, site, urls)

    def files_seen(self, site: str, urlkeys: Sequence[str]) -> dict[str, tuple[FileSeen, ...]]:
        return files.files_seen(self.engine, site, urlkeys)

    def file_captures(self, site: str, url: str) -> tuple[Capture, ...]:
        return files.file_captures(self.engine, site, url)

    # Generations: readings of the past beside the one that everybody sees

    def beside(self, place: generations.Place) -> "Catalogue":
        """The same catalogue as another generation has it; close this one alone."""
        twin = Catalogue.__new__(Catalogue)
        twin.engine = generations.beside(self.engine, place)
        return twin

    def generation(self, site: str, place: generations.Place) -> Generation | None:
        return generations.generation(self.engine, site, place)

    def begin_generation(self, site: str, reader: str) -> Generation:
        return generations.begin(self.engine, site, reader)

    def recall_generation(self, site: str) -> Generation:
        return generations.recall(self.engine, site)

    def switch_generation(self, site: str, *, rebuilt: bool = False) -> bool:
        return generations.switch(self.engine, site, rebuilt=rebuilt)

    def drop_generation(self, site: str, place: generations.Place) -> None:
        generations.drop(self.engine, site, place)

    def differences(self, site: str) -> Iterator[Difference]:
        return differing.differences(self.engine, site)

    def appearing(self, site: str) -> Iterator[Change]:
        return differing.changes(self.engine, site, "next", "live")

    def disappearing(self, site: str) -> Iterator[Change]:
        return differing.changes(self.engine, site, "live", "next")

    # Reading

    def changes(
        self,
        since: datetime | None = None,
        site: str | None = None,
        type: ChangeType | str | None = None,
        limit: int | None = None,
        after_id: str | None = None,
        *,
        url: str | None = None,
        newest: bool = True,
    ) -> tuple[Change, ...]:
        return reading.changes(
            self.engine,
            since=since,
            site=site,
            type=type,
            limit=limit,
            after_id=after_id,
            url=url,
            newest=newest,
        )

    def change(self, id: str) -> Change:
        with transaction(self.engine) as connection:
            return reading.change(connection, id)

    def history(self, url: str, site: str | None = None) -> dict[str, Any]:
        return reading.history(self.engine, url, site)

    def captures(self, url: str, site: str | None = None) -> tuple[Capture, ...]:
        return reading.captures(self.engine, url, site)

    def capture(self, id: str) -> Capture:
        return reading.capture(self.engine, id)

    def capture_at(self, url: str, at: datetime | None = None) -> Capture:
        return reading.capture_at(self.engine, url, at)

    def payload_of(self, capture: Capture) -> Capture:
        return reading.payload_of(self.engine, capture)

    def version(self, url: str, number: int | None = None, site: str | None = None) -> tuple[Version, Article, Capture]:
        return reading.version(self.engine, url, number, site)

    def titles(self, changes: Sequence[Change]) -> dict[str, str | None]:
        return reading.titles(self.engine, changes)

    def reprints(self, url: str, site: str | None = None) -> dict[str, Any]:
        return clusters.reprints(self.engine, url, site)

    def search(self, query: str, limit: int = 50, site: str | None = None) -> list[dict[str, Any]]:
        return searching.search(self.engine, query, limit, site)

    def pages(
        self,
        site: str | None = None,
        limit: int = 50,
        offset: int = 0,
        *,
        status: Status | str | None = None,
    ) -> list[dict[str, Any]]:
        return pages.pages(self.engine, site, limit, offset, status)

    def runs(self, site: str | None = None, limit: int | None = None) -> tuple[RunSummary, ...]:
        return reading.runs(self.engine, site, limit)

    def known_runs(self, site: str, runs: Collection[str]) -> set[str]:
        return reading.known_runs(self.engine, site, runs)

    def sites(self) -> list[dict[str, Any]]:
        return summaries.sites(self.engine)

    # Health

    def numbers(
        self, site: str, since: datetime, until: datetime | None = None, limit: int | None = None
    ) -> tuple[RunNumbers, ...]:
        return tallies.numbers(self.engine, site, since, until, limit)

    def last_ended(self, sites: Sequence[str]) -> dict[str, datetime]:
        return tallies.ended(self.engine, sites)

    def arrivals(self, site: str, now: datetime, spans: int) -> Arrivals:
        return tallies.arrivals(self.engine, site, now, spans)

    # Documents (发文字号)

    def policy(self, number: DocumentNumber) -> Policy:
        return citing.policy(self.engine, number)

    def gaps(self, issuer: str, year: int | None = None) -> tuple[Gap, ...]:
        return citing.gaps(self.engine, issuer, year)

    # Through time (RFC 7089)

    def known_key(self, keys: Sequence[str]) -> str | None:
        return mementos.known_key(self.engine, keys)

    def nearest(self, key: str, at: datetime | None = None) -> Memento | None:
        return mementos.nearest(self.engine, key, at)

    def captured_at(self, key: str, at: datetime) -> tuple[Capture, ...]:
        return mementos.captured_at(self.engine, key, at)

    def neighbours(self, key: str, at: datetime, id: str) -> Neighbours:
        return mementos.neighbours(self.engine, key, at, id)

    def timemap_pages(self, key: str, size: int) -> tuple[TimeMapPage, ...]:
        return mementos.timemap_pages(self.engine, key, size)

    def mementos(self, key: str, number: int, size: int) -> tuple[Memento, ...]:
        return mementos.mementos(self.engine, key, number, size)

    # For others

    def lock(self, name: str) -> AbstractContextManager[None]:
        return locking.locked(self.engine, name)

    # Whole

    def dump(self) -> dict[str, list[dict[str, Any]]]:
        return dumping.dump(self.engine)

    def counts(self) -> dict[str, int]:
        return dumping.counts(self.engine)
