"""What is asked of the catalogue before a site is crawled."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine

from catalogue import (
    files,
    pages,
    planning,
)
from catalogue.kinds import (
    Asked,
    PageState,
)
from domain.capture import Capture, KnownFile
from domain.change import FileSeen


class Plans:
    """Which pages and files are known, and which are due."""

    engine: Engine

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
