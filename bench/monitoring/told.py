"""Our changes as alarms: what people would have been told."""

from collections.abc import Iterable

from bench.paper.model import Kind
from bench.paper.scoring import Alarm
from domain.change import Change, EditClass

CLASSES = {
    Kind.AMOUNT: EditClass.AMOUNT,
    Kind.DATE: EditClass.DATE,
    Kind.NUMBER: EditClass.DOCUMENT_NUMBER,
    Kind.PERSON: EditClass.PERSON,
    Kind.AGENCY: EditClass.AGENCY,
    Kind.OBLIGATION: EditClass.OBLIGATION,
    Kind.TITLE: EditClass.TITLE,
    Kind.ADDED: EditClass.PARAGRAPH_ADDED,
    Kind.REMOVED_PARAGRAPH: EditClass.PARAGRAPH_REMOVED,
    Kind.TYPO: EditClass.TYPO,
    Kind.ATTACHMENT: EditClass.ATTACHMENT,
    Kind.ATTACHMENT_ADDED: EditClass.ATTACHMENT,
}
"""What each kind of edit is to be called."""


def alarms(round_: int, changes: Iterable[Change]) -> list[Alarm]:
    """Those of changes that are neither cosmetic nor found by re-reading."""
    return [
        Alarm(round_, change.url, change.type.value, tuple(one.value for one in change.classes))
        for change in changes
        if not change.cosmetic and not change.reread
    ]
