"""The catalogue's one door. Every method raises CatalogueError where the database is away."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any

from catalogue import (
    comparing,
    differing,
    dumping,
    generations,
    locking,
    rereading,
    upgrading,
    upheavals,
    writing,
)
from catalogue.connection import engine, transaction
from catalogue.kinds import (
    Difference,
    Generation,
    Progress,
    Reading,
    Rereading,
)
from catalogue.plans import Plans
from catalogue.questions import Questions
from domain.article import Article
from domain.capture import Capture, RunSummary
from domain.change import Change, History
from domain.mask import MaskRule


class Catalogue(Questions, Plans):
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

    # For others

    def lock(self, name: str) -> AbstractContextManager[None]:
        return locking.locked(self.engine, name)

    # Whole

    def dump(self) -> dict[str, list[dict[str, Any]]]:
        return dumping.dump(self.engine)

    def counts(self) -> dict[str, int]:
        return dumping.counts(self.engine)
