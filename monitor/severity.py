"""How much a change matters, 1 (hardly) to 5 (look at once)."""

from domain.change import ChangeType, FieldEdit
from monitor.amounts import amounts

OF_TYPE = {
    ChangeType.NEW: 2,
    ChangeType.REMOVED: 4,
    ChangeType.RESTORED: 3,
    ChangeType.REPUBLISHED: 3,
    ChangeType.EDITED: 1,
}
OF_FIELD = {
    "document_numbers": 5,
    "title": 4,
    "attachments": 4,
    "published_at": 3,
    "body": 3,
    "source": 2,
    "authors": 2,
    "images": 1,
}
# An amount that changed, in a title or a body, outweighs the field it stands in.
AMOUNT = 5
COSMETIC = 1
# A page that carried document numbers (文号) is an official document: its going weighs most.
DOCUMENT_REMOVED = 5


def severity(
    type: ChangeType, fields: tuple[FieldEdit, ...] = (), *, cosmetic: bool = False, official: bool = False
) -> int:
    """1..5. `official` says that the article has document numbers."""
    if cosmetic and type is ChangeType.EDITED:
        return COSMETIC
    if type is ChangeType.REMOVED and official:
        return DOCUMENT_REMOVED
    return max(OF_TYPE.get(type, 1), *(_weight(edit) for edit in fields), 1)


def _weight(edit: FieldEdit) -> int:
    if edit.name in ("title", "body") and amounts(edit.before or "") != amounts(edit.after or ""):
        return AMOUNT
    return OF_FIELD.get(edit.name, 1)
