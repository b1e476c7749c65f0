"""What a query is held against."""

from collections.abc import Iterator
from dataclasses import dataclass

from alerts.query.folding import fold, fold_both
from alerts.query.tree import Kind, Zone


@dataclass(frozen=True, slots=True)
class Document:
    """One change, with the version of the page that it is about.

    `region` are the words of the site's region, `type` a ChangeType's value or "health", `status` a Status's, `cluster`
    "first", "copy" or "alone", `numbers` the keys (domain.citation) of the documents that the page is or names, `edits`
    (field, before, after), `classes` values of EditClass.
    """

    site: str
    region: tuple[str, ...] = ()
    type: str = "new"
    severity: int = 1
    status: str = "live"
    cluster: str = "alone"
    title: str = ""
    body: str = ""
    source: str = ""
    authors: tuple[str, ...] = ()
    numbers: frozenset[str] = frozenset()
    edits: tuple[tuple[str, str, str], ...] = ()
    classes: tuple[str, ...] = ()


_EDITED = {"title": Zone.TITLE, "body": Zone.BODY, "source": Zone.SOURCE, "authors": Zone.AUTHOR}


class Reading:
    """A document made ready: its folded texts, each with the zones it belongs to, and its values."""

    __slots__ = ("document", "texts", "values")

    def __init__(self, document: Document) -> None:
        self.document = document
        self.values = frozenset(_values(document))
        self.texts: dict[str, frozenset[Zone]] = {}
        lines: dict[str, str] = {}
        texts: dict[str, str] = {}
        for _, before, after in document.edits:
            texts[before], texts[after] = fold_both(before, after, lines)
        for text, zones in _texts(document):
            folded = texts[text] = texts.get(text) or fold(text, lines)
            self.texts[folded] = self.texts.get(folded, frozenset()).union(zones)

    def of(self, zone: Zone) -> Iterator[str]:
        """The folded texts of a zone."""
        return (text for text, zones in self.texts.items() if zone in zones)


def _values(document: Document) -> Iterator[tuple[Kind, str]]:
    yield Kind.SITE, document.site.casefold()
    yield Kind.TYPE, document.type
    yield Kind.STATUS, document.status
    yield Kind.CLUSTER, document.cluster
    yield from ((Kind.NUMBER, key) for key in document.numbers)
    yield from ((Kind.CLASS, name) for name in document.classes)


def _texts(document: Document) -> Iterator[tuple[str, tuple[Zone, ...]]]:
    yield document.title, (Zone.TEXT, Zone.TITLE)
    yield document.body, (Zone.TEXT, Zone.BODY)
    yield document.source, (Zone.SOURCE,)
    yield from ((name, (Zone.AUTHOR,)) for name in document.authors)
    yield from ((name, (Zone.REGION,)) for name in document.region)
    for name, before, after in document.edits:
        zone = _EDITED.get(name)
        zones = (Zone.TEXT, zone) if zone else (Zone.TEXT,)
        yield before, zones
        yield after, zones
