"""Observations of a page → versions, changes and status. Pure, and recomputed from all observations each
time, so a late or out-of-order capture re-judges whatever came after it (as in EDGI's web-monitoring-db)."""

from collections.abc import Mapping, Sequence

from domain.article import Article
from domain.change import Change, ChangeType, FieldEdit, History, Observation, Outcome, Status, Version
from domain.errors import NotFound
from domain.site import Site
from monitor.fields import edits, is_cosmetic
from monitor.severity import severity

_AFTER = {
    ChangeType.NEW: Status.LIVE,
    ChangeType.EDITED: Status.EDITED,
    ChangeType.REPUBLISHED: Status.EDITED,
    ChangeType.REMOVED: Status.GONE,
    ChangeType.RESTORED: Status.RESTORED,
}


def judge(
    site: Site | str,
    url: str,
    urlkey: str,
    observations: Sequence[Observation],
    articles: Mapping[str, Article],
    *,
    gone_after: int = 2,
) -> History:
    """The history of one page, whatever order its observations come in; one given twice counts once.

    `articles` holds every digest observed; none is needed of a page that showed but one and was never missing. A
    page is gone after `gone_after` missing answers with no article between them; an answer that says nothing (an
    error, a block page) neither counts nor resets. Raises NotFound where a digest has no article.
    """
    name = site if isinstance(site, str) else site.name
    course = _Course(name, url, urlkey, articles, gone_after)
    for seen in sorted({item.capture: item for item in observations}.values(), key=_order):
        course.see(seen)
    return History(
        site=name,
        url=url,
        urlkey=urlkey,
        status=course.status(),
        versions=tuple(course.versions),
        changes=tuple(course.changes),
    )


def _order(seen: Observation) -> tuple[object, str]:
    return seen.at, seen.capture


class _Course:
    """One walk through a page's observations in time."""

    def __init__(self, site: str, url: str, urlkey: str, articles: Mapping[str, Article], gone_after: int) -> None:
        self._page = {"site": site, "url": url, "urlkey": urlkey}
        self._articles, self._gone_after = articles, gone_after
        self.versions: list[Version] = []
        self.changes: list[Change] = []
        self._missing: list[Observation] = []

    def see(self, seen: Observation) -> None:
        if seen.outcome is Outcome.MISSING:
            self._see_missing(seen)
        elif seen.outcome is Outcome.ARTICLE or (seen.outcome is Outcome.SAME and self.versions):
            self._see_article(seen, seen.digest or self.versions[-1].article_digest)

    def status(self) -> Status:
        if self._missing and not self._gone():
            return Status.SUSPECT
        return _AFTER[self.changes[-1].type] if self.changes else Status.LIVE

    def _gone(self) -> bool:
        return bool(self.changes) and self.changes[-1].type is ChangeType.REMOVED

    def _see_missing(self, seen: Observation) -> None:
        if self._gone():
            return
        self._missing.append(seen)
        if self.versions and len(self._missing) >= self._gone_after:
            counted = self._missing[-self._gone_after :]
            current = self.versions[-1]
            official = bool(self._article(current.article_digest).document_numbers)
            self._tell(
                ChangeType.REMOVED,
                seen,
                version=current.number,
                severity=severity(ChangeType.REMOVED, official=official),
                reason=seen.reason,
                evidence=tuple(item.capture for item in counted),
            )

    def _see_article(self, seen: Observation, digest: str) -> None:
        was_gone, self._missing = self._gone(), []
        current = self.versions[-1] if self.versions else None
        if current and digest == current.article_digest:
            later = {"last_seen": seen.at, "captures": current.captures + 1}
            self.versions[-1] = current.model_copy(update=later)
            if was_gone:
                self._tell_version(ChangeType.RESTORED, seen, self.versions[-1], None)
            return
        fields = self._edits(current, digest)
        version = self._begin(seen, digest)
        self._tell_version(_kind(current, fields, was_gone), seen, version, current, fields)

    def _begin(self, seen: Observation, digest: str) -> Version:
        earlier = (item.number for item in self.versions if item.article_digest == digest)
        version = Version(
            number=len(self.versions) + 1,
            article_digest=digest,
            first_seen=seen.at,
            last_seen=seen.at,
            capture=seen.capture,
            reverts_to=next(earlier, None),
        )
        self.versions.append(version)
        return version

    def _edits(self, current: Version | None, digest: str) -> tuple[FieldEdit, ...]:
        return edits(self._article(current.article_digest), self._article(digest)) if current else ()

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
        seen: Observation,
        version: Version,
        previous: Version | None,
        fields: tuple[FieldEdit, ...] = (),
    ) -> None:
        cosmetic = previous is not None and is_cosmetic(fields)
        self._tell(
            type,
            seen,
            version=version.number,
            previous=previous.number if previous else None,
            severity=severity(type, fields, cosmetic=cosmetic),
            cosmetic=cosmetic,
            reverts_to=version.reverts_to if previous else None,
            evidence=(seen.capture,),
            fields=fields,
        )

    def _tell(self, type: ChangeType, seen: Observation, **said: object) -> None:
        self.changes.append(Change.model_validate({**self._page, "type": type, "at": seen.at, **said}))


def _kind(current: Version | None, fields: tuple[FieldEdit, ...], was_gone: bool) -> ChangeType:
    if current is None:
        return ChangeType.NEW
    if was_gone:
        return ChangeType.RESTORED
    only_date = [edit.name for edit in fields] == ["published_at"]
    return ChangeType.REPUBLISHED if only_date else ChangeType.EDITED
