"""What is asked of the catalogue by those who show and tell."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from catalogue import (
    citing,
    clusters,
    mementos,
    pages,
    reading,
    searching,
    summaries,
    surroundings,
)
from catalogue.connection import transaction
from catalogue.kinds import (
    Gap,
    Memento,
    Neighbours,
    Policy,
    TimeMapPage,
)
from domain.article import Article
from domain.capture import Capture, RunSummary
from domain.change import Change, ChangeType, Status, Version
from domain.citation import DocumentNumber


class Questions:
    """Changes, histories, versions, mementos, documents and health, for people."""

    engine: Engine

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

    def surroundings(self, changes: Collection[Change]) -> dict[tuple[str, str], surroundings.Surroundings]:
        return surroundings.surroundings(self.engine, changes)

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
