"""Bodies that scripts send."""

from typing import Annotated, Any

from fastapi import Body
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, ValidationError

from domain.desk import ChannelDraft, Draft, Timing
from domain.errors import ConfigurationError
from domain.subscription import Language, Rhythm, Role, Via
from web.desk.forms import plain
from web.desk.hours import minutes


def _plain(value: Any) -> Any:
    """Every text in it can be kept. Raises ValueError."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return {_plain(name): _plain(one) for name, one in value.items()} if isinstance(value, dict) else value


def _minute(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return minutes(value)
    except ConfigurationError as error:
        raise ValueError(f"{error}. {error.hint}") from error


Minute = Annotated[Annotated[int, Field(ge=0, lt=1440)] | None, BeforeValidator(_minute)]


class Wanted(Draft):
    """A subscription; times of day as `22:30`."""

    model_config = ConfigDict(extra="forbid")
    quiet_from: Minute = None
    quiet_to: Minute = None


class Changed(Wanted):
    """The same, and whether it is to go on."""

    active: StrictBool = True


class WantedChannel(ChannelDraft):
    model_config = ConfigDict(extra="forbid")


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Question(_Body):
    query: str


class Test(_Body):
    query: str
    url: str


class Past(_Body):
    """`seconds` it may be looked at for at most; `rhythm` and the rest by which messages are counted: as a subscription
    has them, `via` the kinds of its channels."""

    query: str
    rhythm: Rhythm = Rhythm.INSTANT
    hour: int = Field(8, ge=0, le=23)
    quiet_from: Minute = None
    quiet_to: Minute = None
    timezone: str = "Asia/Shanghai"
    via: tuple[Via, ...] = Field((), max_length=6)
    language: Language = "both"
    days: int = Field(90, ge=1, le=366)
    seconds: float = Field(8.0, gt=0, le=20)

    @property
    def timing(self) -> Timing:
        return Timing(self.rhythm, self.hour, self.quiet_from, self.quiet_to, self.timezone)


class Again(_Body):
    ids: tuple[str, ...] = Field(max_length=1000)


class NewTeam(_Body):
    name: str


class Membership(_Body):
    role: Role


def changed(draft: Draft, given: dict[str, Any]) -> Changed:
    """A subscription with what is given in place of what it was. Raises RequestValidationError."""
    try:
        return Changed.model_validate({**draft.model_dump(), **given})
    except ValidationError as error:
        raise RequestValidationError([item | {"loc": ("body", *item["loc"])} for item in error.errors()]) from error


Plain = BeforeValidator(_plain)
Given = Annotated[dict[str, Any], Body(), Plain]
