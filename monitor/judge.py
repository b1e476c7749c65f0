"""Observations of a page → versions, changes and status. Pure, and recomputed from all observations each
time, so a late or out-of-order capture re-judges whatever came after it (as in EDGI's web-monitoring-db)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from domain.article import Article
from domain.change import (
    Change,
    ChangeType,
    EditClass,
    FieldEdit,
    FileSeen,
    History,
    Observation,
    Outcome,
    Status,
    Version,
)
from domain.errors import NotFound
from domain.site import Site
from monitor.classes import classes
from monitor.context import Context
from monitor.fields import edits, is_cosmetic
from monitor.files import Files, replaced
from monitor.missing import Window, target
from monitor.outcome import PERMANENT
from monitor.sameness import same_article
from monitor.severity import severity
from monitor.volatile import steady

_AFTER = {
    ChangeType.NEW: Status.LIVE,
    ChangeType.EDITED: Status.EDITED,
    ChangeType.REPUBLISHED: Status.EDITED,
    ChangeType.REMOVED: Status.GONE,
    ChangeType.MOVED: Status.GONE,
    ChangeType.RESTORED: Status.RESTORED,
}
# What a template weighs without its article, at least, of what it weighed with it.
_FRAME = 0.3
_WENT = frozenset({ChangeType.REMOVED, ChangeType.MOVED})
_Seen = Observation | FileSeen


def judge(
    site: Site | str,
    url: str,
    urlkey: str,
    observations: Sequence[Observation],
    articles: Mapping[str, Article],
    *,
    gone_after: int = 2,
    context: Context | None = None,
) -> History:
    """The history of one page, whatever order its observations come in; one given twice counts once.

    `articles` holds every digest observed; none is needed of a page that showed but one and was never missing. A
    page is gone when `gone_after` answers in as many runs found it missing with no article between them, unless its
    site says otherwise (Site.gone); an answer that says nothing (an error, a block page) neither counts nor resets.
    Raises NotFound where a digest has no article.
    """
    name = site if isinstance(site, str) else site.name
    course = _Course({"site": name, "url": url, "urlkey": urlkey}, articles, gone_after, context or Context())
    for seen in _in_order(observations, course.context.files.get(urlkey, ())):
        course.see(seen)
    return History(
        site=name,
        url=url,
        urlkey=urlkey,
        status=course.status(),
        versions=tuple(course.versions),
        changes=tuple(course.changes),
    )


def _in_order(observations: Sequence[Observation], files: Sequence[FileSeen]) -> Iterator[_Seen]:
    every: tuple[_Seen, ...] = (*observations, *files)
    return iter(sorted({item.capture: item for item in every}.values(), key=_order))


def _order(seen: _Seen) -> tuple[datetime, str]:
    return seen.at, seen.capture


class _Course:
    """One walk through a page's observations in time."""

    def __init__(
        self, page: Mapping[str, str], articles: Mapping[str, Article], gone_after: int, context: Context
    ) -> None:
        self._page, self._articles, self.context = page, articles, context
        self.versions: list[Version] = []
        self.changes: list[Change] = []
        self._window = Window(context.gone, gone_after)
        self._files = Files(context.files.get(page["urlkey"], ()))
        self._steady: dict[str, Article] = {}
        self._length = 0

    def see(self, seen: _Seen) -> None:
        if isinstance(seen, FileSeen):
            self._see_file(seen)
        elif seen.outcome in (Outcome.MISSING, Outcome.MOVED) or self._is_not_found(seen) or self._is_emptied(seen):
            self._see_missing(seen)
        elif seen.outcome is Outcome.ARTICLE or (seen.outcome is Outcome.SAME and self.versions):
            self._see_article(seen, seen.digest or self.versions[-1].article_digest)

    def status(self) -> Status:
        if self._window.suspect and not self._gone():
            return Status.SUSPECT
        return _AFTER[self.changes[-1].type] if self.changes else Status.LIVE

    def _gone(self) -> bool:
        return bool(self.changes) and self.changes[-1].type in _WENT

    def _is_not_found(self, seen: Observation) -> bool:
        """True where an article is what the site shows for addresses that cannot exist."""
        shown = self._articles.get(seen.digest) if seen.digest and self.context.not_found else None
        return shown is not None and any(same_article(shown, page) for page in self.context.not_found)

    def _is_emptied(self, seen: Observation) -> bool:
        """True where the page came whole, by its size, and has no article any more: what a wall or a broken script
        answers is far smaller."""
        return seen.outcome is Outcome.EMPTY and seen.length > 0 and seen.length >= _FRAME * self._length

    def _see_missing(self, seen: Observation) -> None:
        if self._gone() or seen.run in self.context.outages:
            return
        if seen.outcome is Outcome.ARTICLE:
            seen = seen.model_copy(update={"outcome": Outcome.MISSING, "reason": "the site's own not-found page"})
        self._window.see(seen)
        if self.versions and (self._window.closed or self._led_for_good(seen)):
            self._go(seen, self._window.missing if self._window.closed else (seen,))

    def _led_for_good(self, seen: Observation) -> bool:
        """True where the server says that the page has moved for good, and its article is there: two witnesses."""
        led = seen.outcome is Outcome.MOVED and seen.reason.startswith(PERMANENT)
        return led and self._moved_to(self._article(self.versions[-1].article_digest), (seen,)) is not None

    def _go(self, seen: Observation, missing: Sequence[Observation]) -> None:
        current = self.versions[-1]
        article = self._article(current.article_digest)
        there = self._moved_to(article, missing)
        type = ChangeType.MOVED if there else ChangeType.REMOVED
        self._tell(
            type,
            seen,
            version=current.number,
            severity=severity(type, official=bool(article.document_numbers)),
            reason=seen.reason,
            evidence=tuple(item.capture for item in missing),
            fields=(FieldEdit(name="url", before=self._page["url"], after=there),) if there else (),
        )

    def _moved_to(self, article: Article, missing: Sequence[Observation]) -> str | None:
        """Where the article is now: at the address that all answers lead to, or at another that shows it too."""
        led = target(missing)
        if led is None:
            return self.context.twins.get(self._page["urlkey"])
        there = self.context.targets.get(led)
        return led if there is not None and same_article(article, there) else None

    def _see_article(self, seen: Observation, digest: str) -> None:
        was_gone = self._gone()
        self._length = seen.length or self._length
        self._window.clear() if was_gone else self._window.see(seen)
        current = self.versions[-1] if self.versions else None
        if current and self._same(current, digest):
            later = {"last_seen": seen.at, "captures": current.captures + 1}
            self.versions[-1] = current.model_copy(update=later)
            if was_gone:
                self._tell_version(ChangeType.RESTORED, seen, self.versions[-1], None)
            return
        fields = self._edits(current, digest)
        version = self._begin(seen, digest, self._held(digest, seen.at))
        if current is None and self._page["urlkey"] in self.context.arrived:
            return
        self._tell_version(_kind(current, fields, was_gone), seen, version, current, fields)

    def _see_file(self, seen: FileSeen) -> None:
        """A file that the article links to says something else than before, behind the same link."""
        current = self.versions[-1] if self.versions and not self._gone() else None
        if current is None or current.files.get(seen.key, seen.digest) == seen.digest:
            return
        article = self._article(current.article_digest)
        edit = replaced(article, current.files, seen)
        version = self._begin(seen, current.article_digest, {**current.files, seen.key: seen.digest})
        self._tell_version(ChangeType.EDITED, seen, version, current, (edit,))

    def _held(self, digest: str, at: datetime) -> dict[str, str]:
        return self._files.held(self._article(digest), at) if self._files else {}

    def _same(self, current: Version, digest: str) -> bool:
        if digest == current.article_digest:
            return True
        return self._still(current.article_digest).digest == self._still(digest).digest

    def _still(self, digest: str) -> Article:
        if digest not in self._steady:
            self._steady[digest] = steady(self._article(digest), self.context.volatile, self._page["urlkey"])
        return self._steady[digest]

    def _begin(self, seen: _Seen, digest: str, files: Mapping[str, str]) -> Version:
        version = Version(
            number=len(self.versions) + 1,
            article_digest=digest,
            first_seen=seen.at,
            last_seen=seen.at,
            capture=seen.capture,
            files=files,
        )
        earlier = (item.number for item in self.versions if item.digest == version.digest)
        version = version.model_copy(update={"reverts_to": next(earlier, None)})
        self.versions.append(version)
        return version

    def _edits(self, current: Version | None, digest: str) -> tuple[FieldEdit, ...]:
        return edits(self._still(current.article_digest), self._still(digest)) if current else ()

    def _article(self, digest: str) -> Article:
        if digest not in self._articles:
            raise NotFound(
                f"{self._page['site']}: {self._page['url']}: no article {digest}",
                hint="Hand every article that the observations name to judge().",
            )
        return self._articles[digest]

    def _tell_version(
        self,
        type: ChangeType,
        seen: _Seen,
        version: Version,
        previous: Version | None,
        fields: tuple[FieldEdit, ...] = (),
    ) -> None:
        moved = self._moved_by_a_redesign(seen)
        telling = tuple(edit for edit in fields if edit.name not in moved)
        cosmetic = previous is not None and is_cosmetic(telling)
        touched = self._classes(seen, previous, version, telling or fields)
        self._tell(
            type,
            seen,
            version=version.number,
            previous=previous.number if previous else None,
            severity=severity(type, touched, cosmetic=cosmetic),
            cosmetic=cosmetic,
            reverts_to=version.reverts_to if previous else None,
            reason="the site's mark-up changed everywhere" if fields and not telling else "",
            evidence=(seen.capture,),
            fields=fields,
            classes=touched,
        )

    def _moved_by_a_redesign(self, seen: _Seen) -> frozenset[str]:
        run = seen.run if isinstance(seen, Observation) else ""
        return self.context.redesigns.get(run, frozenset())

    def _classes(
        self, seen: _Seen, previous: Version | None, version: Version, fields: Sequence[FieldEdit]
    ) -> tuple[EditClass, ...]:
        if previous is None or not fields:
            return ()
        told = self.context.told.get(seen.capture)
        if told is not None and told.classes and told.fields == tuple(fields):
            return told.classes
        return classes(self._still(previous.article_digest), self._still(version.article_digest), fields)

    def _tell(self, type: ChangeType, seen: _Seen, **said: object) -> None:
        self.changes.append(Change.model_validate({**self._page, "type": type, "at": seen.at, **said}))


def _kind(current: Version | None, fields: tuple[FieldEdit, ...], was_gone: bool) -> ChangeType:
    if current is None:
        return ChangeType.NEW
    if was_gone:
        return ChangeType.RESTORED
    only_date = [edit.name for edit in fields] == ["published_at"]
    return ChangeType.REPUBLISHED if only_date else ChangeType.EDITED
