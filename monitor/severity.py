"""How much a change matters, 1 (hardly) to 5 (look at once): the whole table."""

from collections.abc import Sequence

from domain.change import ChangeType, EditClass

OF_TYPE = {
    ChangeType.NEW: 2,
    ChangeType.EDITED: 1,
    ChangeType.REPUBLISHED: 3,
    ChangeType.MOVED: 2,
    ChangeType.REMOVED: 4,
    ChangeType.RESTORED: 3,
    ChangeType.DIVERGED: 4,
}
OF_CLASS = {
    EditClass.AMOUNT: 5,
    EditClass.DATE: 5,
    EditClass.DOCUMENT_NUMBER: 5,
    EditClass.OBLIGATION: 5,
    EditClass.DIRECTION: 5,
    EditClass.VALIDITY: 5,
    EditClass.PERSON: 4,
    EditClass.AGENCY: 4,
    EditClass.ATTACHMENT: 4,
    EditClass.TITLE: 4,
    EditClass.PARAGRAPH_REMOVED: 4,
    EditClass.PARAGRAPH_ADDED: 3,
    EditClass.SOURCE: 3,
    EditClass.TEXT: 3,
    EditClass.IMAGE: 2,
    EditClass.TYPO: 2,
    EditClass.FORMAT: 1,
}
COSMETIC = 1
# A page that carried document numbers (文号) is an official document: its going weighs most.
DOCUMENT_REMOVED = 5


def severity(
    type: ChangeType, classes: Sequence[EditClass] = (), *, cosmetic: bool = False, official: bool = False
) -> int:
    """1..5. `classes` as monitor.classes finds them; `official` says that the article has document numbers."""
    if cosmetic and type is ChangeType.EDITED:
        return COSMETIC
    if type is ChangeType.REMOVED and official:
        return DOCUMENT_REMOVED
    if type is ChangeType.REPUBLISHED:
        return OF_TYPE[type]
    return max(OF_TYPE[type], *(OF_CLASS[one] for one in classes), 1)
