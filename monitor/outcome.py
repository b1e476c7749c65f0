"""What one capture says of its page. When in doubt it says nothing: a false «removed» costs trust."""

import re
from urllib.parse import urlsplit

from domain.article import Article, Kind
from domain.capture import Capture
from domain.change import Observation, Outcome
from domain.quality import article_reasons
from domain.site import Site
from domain.urls import absolute, host, urlkey

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# RFC 9110, 15.4.2 and 15.4.9.
_FOR_GOOD = frozenset({301, 308})
_GONE = frozenset({404, 410})
_NOT_FOUND = re.compile(r"/(?:404|not-?found)(?:\.\w+)?/?$", re.IGNORECASE)
# A block or login page says nothing of the page behind it, whatever status it comes with.
_SILENT = frozenset({Kind.BLOCKED, Kind.LOGIN})
# Where lists of articles live: a folder, an index page, the pages of a list.
_LIST = re.compile(r"(?:/|/(?:index|list|default|col\w*|node_\w+)(?:[_-]?\d+)?\.\w+)$", re.IGNORECASE)
_LOGIN = re.compile(r"login|signin|passport|sso|/auth|captcha|verify|waf|challenge", re.IGNORECASE)

_Verdict = tuple[Outcome, str]
PERMANENT = "permanent "


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
        run=capture.run,
        target=target_of(capture) if verdict is Outcome.MOVED else None,
        length=capture.payload_length,
    )


def target_of(capture: Capture) -> str | None:
    """Where an answer leads, absolute; None where it leads nowhere."""
    return absolute(capture.url, capture.location) if capture.location else None


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
    if article.kind is Kind.OTHER:
        unreadable = "unreadable" in article.issues
        return (Outcome.UNKNOWN, "unreadable") if unreadable else (Outcome.EMPTY, "no article in it")
    if article.kind is not Kind.ARTICLE:
        return Outcome.UNKNOWN, f"a {article.kind.value} page"
    if not article.text.strip() and not article.images:
        return Outcome.EMPTY, "an article without a body"
    lacking = article_reasons(fidelity=article.fidelity, titled=bool(article.title), dated=bool(article.published_at))
    return Outcome.ARTICLE, lacking


def _redirected(capture: Capture, site: Site) -> _Verdict:
    """A redirect to another article's address says moved (whether the article is there, comparing looks); one to the
    site's own front, a list or its not-found page says missing; to a gate or to somebody else's site, nothing."""
    target = target_of(capture)
    if target is None:
        return Outcome.UNKNOWN, f"status {capture.status} that leads nowhere"
    path = urlsplit(target).path
    at_home = host(target) in site.hosts | {host(capture.url)}
    if not at_home or urlkey(target) == capture.urlkey or _LOGIN.search(target):
        return Outcome.UNKNOWN, f"redirect to {target}"
    if site.is_front(target):
        return Outcome.MISSING, "redirect to the home page"
    if _NOT_FOUND.search(path):
        return Outcome.MISSING, "redirect to the not-found page"
    if site.is_article(target):
        return Outcome.MOVED, f"{PERMANENT if capture.status in _FOR_GOOD else ''}redirect to {target}"
    return (Outcome.MISSING, "redirect to a list") if _LIST.search(path) else (Outcome.UNKNOWN, f"redirect to {target}")
