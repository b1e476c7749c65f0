"""What an article's attachments held, as far as they were captured beside it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from domain.article import Article
from domain.change import FieldEdit, FileSeen
from domain.urls import file_key


class Files:
    """A page's attachments through time, by file_key."""

    def __init__(self, seen: Sequence[FileSeen]) -> None:
        self._seen: dict[str, list[FileSeen]] = {}
        for file in sorted(seen, key=lambda item: (item.at, item.capture)):
            self._seen.setdefault(file.key, []).append(file)

    def __bool__(self) -> bool:
        return bool(self._seen)

    def held(self, article: Article, at: datetime) -> dict[str, str]:
        """The payload digest of each attachment as of `at`: the last one captured by then, else the first after, for
        a file comes after its page."""
        keys = [file_key(item.href) for item in article.attachments]
        return {key: self._as_of(key, at) for key in keys if key in self._seen}

    def _as_of(self, key: str, at: datetime) -> str:
        before = [file.digest for file in self._seen[key] if file.at <= at]
        return before[-1] if before else self._seen[key][0].digest


def replaced(article: Article, held: Mapping[str, str], seen: FileSeen) -> FieldEdit:
    """The edit that one file's new content is: each side as a list of attachments, with its payload's digest."""
    names = {file_key(item.href): f"{item.name} {item.href}".strip() for item in article.attachments}
    name = names.get(seen.key, seen.key)
    return FieldEdit(name="attachments", before=f"{name} {held[seen.key]}", after=f"{name} {seen.digest}")
