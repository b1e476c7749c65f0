"""The catalogue's one door. Every method raises CatalogueError where the database is away."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from catalogue import comparing, dumping, pages, reading, schema, searching, summaries, upgrading, writing
from catalogue.connection import engine, transaction
from catalogue.kinds import PageState, Progress, Reading
from domain.article import Article
from domain.capture import Capture, RunSummary
from domain.change import Change, ChangeType, History, Observation, Status, Version


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
        columns = schema.progress.c
        wanted = select(columns.read_seq, columns.compared_seq).where(columns.site == site)
        with transaction(self.engine) as connection:
            row = connection.execute(wanted).one_or_none()
        return Progress(*row) if row else Progress()

    def record(self, site: str, seq: int, rows: Sequence[Reading]) -> None:
        writing.record(self.engine, site, seq, rows)

    def put_run(self, run: RunSummary) -> None:
        writing.put_run(self.engine, run)

    def clear(self, site: str | None = None) -> None:
        writing.clear(self.engine, site)

    # Comparing

    def pages_to_compare(self, site: str) -> tuple[int, tuple[str, ...]]:
        return comparing.pages_to_compare(self.engine, site)

    def observations(self, site: str, urlkey: str) -> tuple[str, tuple[Observation, ...], dict[str, Article]]:
        return comparing.observations(self.engine, site, urlkey)

    def put_histories(self, site: str, upto_seq: int, histories: Sequence[History]) -> tuple[Change, ...]:
        return comparing.put_histories(self.engine, site, upto_seq, histories)

    def page_states(self, site: str) -> tuple[PageState, ...]:
        return pages.page_states(self.engine, site)

    def known(self, site: str) -> set[str]:
        return pages.known(self.engine, site)

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

    def sites(self) -> list[dict[str, Any]]:
        return summaries.sites(self.engine)

    # Whole

    def dump(self) -> dict[str, list[dict[str, Any]]]:
        return dumping.dump(self.engine)

    def counts(self) -> dict[str, int]:
        return dumping.counts(self.engine)
