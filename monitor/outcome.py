"""What one capture says of its page. When in doubt it says nothing: a false «removed» costs trust."""

import re
from urllib.parse import urlsplit

from domain.article import Article, Kind
from domain.capture import Capture
from domain.change import Observation, Outcome
from domain.site import Site
from domain.urls import absolute, host

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_GONE = frozenset({404, 410})
_NOT_FOUND = re.compile(r"/(?:404|not-?found)(?:\.\w+)?/?$", re.IGNORECASE)
# A block or login page says nothing of the page behind it, whatever status it comes with.
_SILENT = frozenset({Kind.BLOCKED, Kind.LOGIN})

_Verdict = tuple[Outcome, str]


def outcome(capture: Capture, article: Article | None, site: Site) -> Observation:
    """The observation of a page's capture. `article` is what was read from its payload, None where nothing was."""
    verdict, reason = _verdict(capture, article, site)
    shown = verdict is Outcome.ARTICLE and article is not None
    return Observation(
        capture=capture.id,
        at=capture.at,
        outcome=verdict,
        digest=article.digest if shown and article else None,
        reason=reason,
    )


def _verdict(capture: Capture, article: Article | None, site: Site) -> _Verdict:
    if article and article.kind in _SILENT:
        return Outcome.UNKNOWN, f"a {article.kind.value} page"
    if capture.status in _GONE:
        return Outcome.MISSING, f"status {capture.status}"
    if capture.status == 304:
        return Outcome.SAME, "status 304"
    if capture.status in _REDIRECTS:
        return _redirected(capture, site)
    if capture.status == 200:
        lacking = next(filter(None, map(_lacking, capture.flags)), None)
        return (Outcome.UNKNOWN, lacking) if lacking else _read(article)
    return Outcome.UNKNOWN, f"status {capture.status}"


def _lacking(flag: str) -> str | None:
    """What a capture has not, by a flag `truncated:<why>` as in WARC-Truncated, or `part-failed:3`, an article's
    third page: half an article would look like an edit."""
    if flag.startswith("truncated"):
        return "a truncated answer"
    return "a further page of the article did not come" if flag.startswith("part-failed:") else None


def _read(article: Article | None) -> _Verdict:
    if article is None:
        return Outcome.UNKNOWN, "nothing could be read"
    if article.kind is Kind.MISSING:
        return Outcome.MISSING, "soft 404"
    if article.kind is not Kind.ARTICLE:
        return Outcome.UNKNOWN, f"a {article.kind.value} page"
    if not article.text.strip() and not article.images:
        return Outcome.UNKNOWN, "an article without a body"
    return Outcome.ARTICLE, ""


def _redirected(capture: Capture, site: Site) -> _Verdict:
    if not capture.location:
        return Outcome.UNKNOWN, f"status {capture.status} that leads nowhere"
    target = absolute(capture.url, capture.location)
    at_home = host(target) in site.hosts | {host(capture.url)}
    if at_home and site.is_front(target):
        return Outcome.MISSING, "redirect to the home page"
    if at_home and _NOT_FOUND.search(urlsplit(target).path):
        return Outcome.MISSING, "redirect to the not-found page"
    return Outcome.UNKNOWN, f"redirect to {target}"
