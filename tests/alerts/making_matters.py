"""Changes to tell of; the texts are our own."""

from datetime import UTC, datetime, timedelta
from itertools import count

from alerts.kinds import Matter
from domain.change import Change, ChangeType, FieldEdit
from domain.urls import urlkey

# After every subscription that a test can make, so that `created_at` bounds nothing unless a test wants it to.
LATER = datetime.now(UTC) + timedelta(days=1)
PAGE = "http://commerce.example.cn/2026/a1.html"
_NUMBERS = count(1)


def matter(
    title: str = "招商引资项目开工", text: str = "总投资2000万元。", url: str = PAGE, minutes: float = 0, **more: object
) -> Matter:
    said = {
        "site": "alpha",
        "url": url,
        "urlkey": urlkey(url),
        "type": ChangeType.NEW,
        "at": LATER + timedelta(minutes=minutes),
        "version": 1,
        "evidence": (f"capture-{next(_NUMBERS)}",),
    }
    return Matter(Change.model_validate(said | more), title, text)


def edited(name: str, before: str | None, after: str | None, **more: object) -> Matter:
    fields = (FieldEdit(name=name, before=before, after=after),)
    return matter(**{"type": ChangeType.EDITED, "version": 2, "previous": 1, "fields": fields, **more})  # type: ignore[arg-type]
