"""From a payload to the message, in every form."""

from functools import partial
from typing import Any

from alerts.messages.digests import digest_view
from alerts.messages.happening import Said
from alerts.messages.notices import notice_view
from alerts.messages.rendered import Dialect, Rendered
from alerts.messages.subjects import change_subject, digest_subject, notice_subject
from alerts.messages.viewing import change_view, foot
from alerts.messages.words import Language
from alerts.messages.writing import write
from domain.change import ChangeType

_CHANGES = frozenset(kind.value for kind in ChangeType)


def render(payload: Said, language: Language = "both", dialect: Dialect = "commonmark") -> Rendered:
    """The message of a payload. `dialect` says who is to show the Markdown. Raises KeyError for a payload without a
    type, ValueError for a digest whose times are none; so do its forms, for what only they say."""
    name, subject, said = _said(payload, language)
    shown = {**said, "foot": foot(payload), "subject": subject}

    form = partial(write, name, language=language, dialect=dialect, **shown)
    return Rendered(subject, partial(form, "txt"), partial(form, "html"), partial(form, "md"))


def _said(payload: Said, language: Language) -> tuple[str, str, dict[str, Any]]:
    """The template, the subject, and what the template shows."""
    type = str(payload["type"])
    if type == "digest":
        digest = digest_view(payload)
        return "digest", digest_subject(digest, language), {"digest": digest}
    if type in _CHANGES:
        change = change_view(payload)
        return "change", change_subject(change, language), {"change": change}
    notice = notice_view(payload)
    return "notice", notice_subject(notice, language), {"notice": notice}
