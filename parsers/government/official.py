"""The metadata table of a government page: found, read, and told from the document itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lxml import html

from domain.article import Validity
from parsers.dates import Stamp
from parsers.document import Document, Found
from parsers.government import cover, labels, pairs, values
from parsers.government.pairs import Pair
from parsers.government.values import Value

_APART = 6
# The State Council's 政府网站发展指引 (国办发〔2017〕47号) has every site's pages carry these; none for 索引号.
_RULED = ("siteidcode", "sitedomain", "columnname", "columntype")
_METAS = {"articletitle": "title", "pubdate": "published"}


@dataclass(frozen=True, slots=True)
class Official:
    """What a page states of its document, each None where it does not; days as in Asia/Shanghai.

    `table` holds the elements under `doc.body` that are nothing but these particulars, outermost, in order;
    `places` the numbers of all their lines in `doc.lines`, also of those that share an element with other text.
    """

    index_number: Found[str] | None = None
    agency: Found[str] | None = None
    document_numbers: Found[tuple[str, ...]] | None = None
    written_on: Found[date] | None = None
    effective_on: Found[date] | None = None
    expires_on: Found[date] | None = None
    published: Found[Stamp] | None = None
    title: Found[str] | None = None
    topics: Found[tuple[str, ...]] | None = None
    validity: Found[Validity] | None = None
    table: tuple[html.HtmlElement, ...] = ()
    places: tuple[int, ...] = ()

    @property
    def is_document(self) -> bool:
        """True where the page states something that only an official document has."""
        return any((self.index_number, self.document_numbers, self.written_on, self.validity))


def find(doc: Document) -> Official:
    """A page's official particulars. Pure; never raises; bounded by 3,000 lines and 400 labels."""
    groups = [group for group in _groups(pairs.find(doc.lines)) if _is_table(group)]
    groups = _of_one_document(groups)
    stated = _settled(pair for group in groups for pair in group)
    metas = {name: found for name, found in _from_metas(doc.metas).items() if name not in stated}
    covered = [cover.lines(group, doc.lines) for group in groups]
    table = tuple(element for lines in covered for element in cover.elements(lines, doc.body))
    places = tuple(sorted({line.number for lines in covered for line in lines}))
    return Official(**(metas | stated), table=table, places=places)  # type: ignore[arg-type]


def _groups(found: Sequence[Pair]) -> list[list[Pair]]:
    """Pairs that stand together: at most six lines between two labels."""
    groups: list[list[Pair]] = []
    for pair in found:
        if groups and pair.line - groups[-1][-1].line <= _APART:
            groups[-1].append(pair)
        else:
            groups.append([pair])
    return groups


def _is_table(group: Sequence[Pair]) -> bool:
    """索引号 with a value, or two fields one of which only official documents have, one with a value."""
    stated = {pair.label.field for pair in group if _value(pair) is not None}
    named = {pair.label.field for pair in group} - {"other"}
    return "index_number" in stated or (bool(stated) and len(named) > 1 and any(pair.label.core for pair in group))


def _of_one_document(groups: list[list[Pair]]) -> list[list[Pair]]:
    """The groups of the page's own document: none on a list of documents, each with particulars of its own."""
    for field in ("index_number", "document_numbers"):
        own = {group_number: _distinct(group, field) for group_number, group in enumerate(groups)}
        if len(set().union(*own.values())) > 1:
            return []
        if any(own.values()):
            return [group for number, group in enumerate(groups) if own[number] or number == 0]
    return groups


def _distinct(group: Iterable[Pair], field: str) -> set[Value]:
    found = (_value(pair) for pair in group if pair.label.field == field)
    return {value for value in found if value is not None}


def _value(pair: Pair) -> Value | None:
    return None if pair.label.field == "other" else values.read(pair.label.field, pair.value)


def _settled(found: Iterable[Pair]) -> dict[str, Found[Value]]:
    """For each field the value under its surest word; 有效期：有效 is a validity."""
    best: dict[str, tuple[tuple[float, int], Found[Value]]] = {}
    for pair in found:
        field, value = pair.label.field, _value(pair)
        if field == "expires_on" and value is None:
            field, value = "validity", values.validity(pair.value) if pair.value else None
        rank = (-pair.label.sure, pair.label.rank)
        if value is not None and (field not in best or rank < best[field][0]):
            best[field] = rank, Found(value, f"metadata {pair.label.word}", pair.label.sure)
    return {field: item for field, (_, item) in best.items()}


def _from_metas(metas: Mapping[str, str]) -> dict[str, Found[Value]]:
    """Metas by the State Council's names, and those whose names are the Chinese words themselves."""
    ruled = any(name in metas for name in _RULED)
    found: dict[str, Found[Value]] = {}
    for name, text in metas.items():
        label = None if name.isascii() else labels.alone(name)
        field = label.field if label else _METAS.get(name, "other") if ruled else "other"
        value = None if field == "other" else values.read(field, text)
        if value is not None:
            found.setdefault(field, Found(value, f"meta {name}", 0.8))
    return found
