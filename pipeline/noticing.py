"""What only reading can see to be wrong with a page, as issues that name site and address."""

from collections.abc import Iterator

from domain.article import Article, Kind
from domain.capture import Capture, Issue
from domain.site import Site

# What stands there instead of an article. Missing pages are no fault: comparing judges them.
_INSTEAD = {
    Kind.BLOCKED: "a page that blocks us stands in the article's place",
    Kind.LOGIN: "a login page stands in the article's place",
    Kind.OTHER: "no article could be found in the page",
}


def notice(capture: Capture, article: Article, site: Site) -> Iterator[Issue]:
    """Issues of one reading. `kind` is one of unreadable, blocked, login, other, charset; a charset that was
    told wrong and put right is a warning."""
    if "unreadable" in article.issues:
        yield _issue("unreadable", "; ".join(note for note in article.issues if note != "unreadable"), capture)
    elif article.kind in _INSTEAD and site.is_article(capture.url):
        yield _issue(article.kind.value, f"{_INSTEAD[article.kind]} ({capture.payload_length} bytes)", capture)
    charset = [note for note in article.issues if note.startswith(("declared ", "replacement characters"))]
    if charset:
        yield _issue("charset", "; ".join(charset), capture, level="error" if article.fidelity < 1 else "warning")


def _issue(kind: str, message: str, capture: Capture, *, level: str = "error") -> Issue:
    return Issue(kind=kind, site=capture.site, url=capture.url, message=message, at=capture.at, level=level)
