"""A Mention: an amount, a date, a post, an agency or a place, found in a text."""

from dataclasses import dataclass
from enum import StrEnum


class MentionKind(StrEnum):
    """What is mentioned. A DEADLINE is a date by which something is to be done; all other dates are DATE."""

    AMOUNT = "amount"
    PERCENT = "percent"
    DATE = "date"
    DEADLINE = "deadline"
    POST = "post"
    AGENCY = "agency"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Mention:
    """One mention: `text` is the original's characters from `start` to `end` (exclusive).

    `value` compares, whatever the wording:
    amounts and percentages a plain decimal in `unit` (1.2亿元: "120000000", 元), `low/high` for a range;
    dates ISO 8601 in Asia/Shanghai's calendar (2019-01-07, 2019-01, 2019, 2019-01-15T17:00, a/b for a range, P15D
    for a time that runs from an event, --08-29 and ---15 where the year or month is unknown);
    posts the title, agencies and places their full name in simplified characters. None where nothing can be said.
    `role`: approximate, at_least, at_most (amounts); deadline, effective, expires, as_of (dates);
    appointed, removed (posts). `person` holds the post.
    """

    kind: MentionKind
    text: str
    start: int
    end: int
    value: str | None = None
    unit: str | None = None
    role: str | None = None
    person: str | None = None

    @property
    def meaning(self) -> tuple[str, ...]:
        """What two wordings of the same thing have in common; a DATE that became a DEADLINE differs by its role."""
        return (self.value or self.text, self.unit or "", self.role or "", self.person or "")
