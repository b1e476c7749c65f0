"""What comes in from a form, held to its shape before the desk sees it."""

from dataclasses import dataclass
from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qs

from fastapi import Depends, Request
from pydantic import ValidationError

from domain.desk import ChannelDraft, Draft
from domain.errors import ConfigurationError
from domain.subscription import Subscription
from web.desk.hours import minutes

_MOST_FIELDS = 1000
Shape = TypeVar("Shape", Draft, ChannelDraft)


@dataclass(frozen=True, slots=True)
class Form:
    """Fields with all their values."""

    fields: dict[str, list[str]]

    def one(self, name: str) -> str:
        return self.fields.get(name, [""])[0].strip()

    def many(self, name: str) -> tuple[str, ...]:
        return tuple(self.fields.get(name, ()))


async def _form(request: Request) -> Form:
    """Raises ConfigurationError for what is no form."""
    try:
        sent = (await request.body()).decode("utf-8")
        fields = parse_qs(sent, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
        return Form({name: [plain(value) for value in values] for name, values in fields.items()})
    except ValueError as error:
        raise ConfigurationError(f"表单不可读 this form cannot be read: {error}") from error


Filled = Annotated[Form, Depends(_form)]


def plain(text: str) -> str:
    """Text that can be kept: UTF-8 without NUL, lines ended as here. Raises ValueError."""
    text.encode()
    if "\0" in text:
        raise ValueError("NUL")
    return text.replace("\r\n", "\n")


def draft(form: Form) -> Draft:
    """A subscription as the form has it. Raises ConfigurationError."""
    return drafted(
        Draft,
        name=form.one("name"),
        query=form.one("query"),
        team=form.one("team") or None,
        channels=form.many("channels"),
        rhythm=form.one("rhythm") or "instant",
        hour=form.one("hour") or 8,
        quiet_from=minutes(form.one("quiet_from")),
        quiet_to=minutes(form.one("quiet_to")),
        timezone=form.one("timezone") or None,
        language=form.one("language") or None,
    )


def channel_draft(form: Form) -> ChannelDraft:
    """A channel as the form has it. Raises ConfigurationError."""
    return drafted(
        ChannelDraft,
        via=form.one("via"),
        address=form.one("address"),
        name=form.one("name"),
        secret=form.one("secret") or None,
        team=form.one("team") or None,
    )


def kept(subscription: Subscription) -> Draft:
    """A subscription as it is, for a form to show and to change."""
    return Draft.model_validate(subscription.model_dump(include=set(Draft.model_fields)))


def drafted(shape: type[Shape], **said: Any) -> Shape:
    try:
        return shape.model_validate(said)
    except ValidationError as error:
        raise ConfigurationError(wrong(error.errors())) from error


def wrong(errors: Any) -> str:
    """Which fields are wrong and how; never what was in them."""
    return "; ".join(f"«{'.'.join(map(str, item['loc']))}»: {item['msg']}" for item in errors)
