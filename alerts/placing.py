"""The places of a change, field by field, as messages show them."""

from collections.abc import Iterator, Sequence

from alerts.differences import Place, places, whole
from domain.change import FieldEdit

# In the order in which they are told; fields unknown here after them.
_ORDER = ("title", "kicker", "subtitle", "body", "document_numbers", "validity", "effective_on", "expires_on")
# Values, not texts: told whole.
_VALUES = frozenset({"published_at", "written_on", "effective_on", "expires_on", "validity", "index_number", "url"})
MOST = 8

Placed = tuple[str, Place]


def placed(fields: Sequence[FieldEdit], most: int = MOST) -> tuple[list[Placed], int]:
    """Where the fields differ, (field, place), in reading order; and how many more places there are than `most`.

    Where there are too many, those in which a number changed are kept first.
    """
    found = [(edit.name, place) for edit in sorted(fields, key=_rank) for place in _of(edit)]
    if len(found) <= most:
        return found, 0
    ranked = sorted(range(len(found)), key=lambda at: not _counts(found[at][1]))
    return [found[at] for at in sorted(ranked[:most])], len(found) - most


def _rank(edit: FieldEdit) -> int:
    return _ORDER.index(edit.name) if edit.name in _ORDER else len(_ORDER)


def _of(edit: FieldEdit) -> Iterator[Place]:
    before, after = edit.before or "", edit.after or ""
    if edit.name in _VALUES:
        yield whole(readable(edit.name, before), readable(edit.name, after))
    elif edit.name == "attachments" and _names(before) != _names(after):
        yield from places(_names(before), _names(after))
    else:
        yield from places(before, after)


def _names(attachments: str) -> str:
    """Files by their names alone, without the address that each line ends with."""
    return "\n".join(line.rpartition(" ")[0] or line for line in attachments.splitlines())


def readable(field: str, value: str) -> str:
    """A field's value as people read it: times without T and zone, which is Asia/Shanghai."""
    return value.replace("T", " ").removesuffix("+08:00") if field == "published_at" else value


def _counts(place: Place) -> bool:
    return any(sign.isdigit() for op, text in place.pieces if op != "=" for sign in text)
