"""The options that commands about subscriptions and channels share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from domain.subscription import Language, Rhythm, Via

_QUERY = "查询 Query"
_WHERE = "渠道 Channels"
_WHEN = "时间 When"
_WHOSE = "归属 Whose"
_LINE = "; - or @FILE reads it"

Words = Annotated[str | None, typer.Argument(metavar="QUERY", help="what to look for: tongjian subscriptions explain")]
Query = Annotated[str | None, typer.Option(metavar="Q", help="the same, as an option", rich_help_panel=_QUERY)]
Word = Annotated[
    list[str] | None, typer.Option(help="each must occur in the page or the change", rich_help_panel=_QUERY)
]
Type = Annotated[
    list[str] | None, typer.Option(help="new, edited, removed, …, health; any unless said", rich_help_panel=_QUERY)
]
Site = Annotated[list[str] | None, typer.Option(help="any unless said", rich_help_panel=_QUERY)]
Webhook = Annotated[
    list[str] | None,
    typer.Option(metavar="URL", help="POST JSON there (Standard Webhooks)" + _LINE, rich_help_panel=_WHERE),
]
Email = Annotated[list[str] | None, typer.Option(metavar="ADDR", help="send mail there", rich_help_panel=_WHERE)]
DingTalk = Annotated[
    list[str] | None, typer.Option("--dingtalk", metavar="URL", help="a robot of 钉钉" + _LINE, rich_help_panel=_WHERE)
]
WeCom = Annotated[
    list[str] | None, typer.Option("--wecom", metavar="URL", help="a robot of 企业微信" + _LINE, rich_help_panel=_WHERE)
]
Feishu = Annotated[
    list[str] | None, typer.Option(metavar="URL", help="a robot of 飞书" + _LINE, rich_help_panel=_WHERE)
]
Apprise = Annotated[
    list[str] | None, typer.Option(metavar="URL", help="any service that Apprise knows" + _LINE, rich_help_panel=_WHERE)
]
ChannelIds = Annotated[
    list[str] | None,
    typer.Option("--channel", metavar="ID", help="one that is there: tongjian channels list", rich_help_panel=_WHERE),
]
Secret = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="what messages are signed with: whsec_… of a webhook, a robot's", rich_help_panel=_WHERE
    ),
]
For = Annotated[
    str | None,
    typer.Option("--for", metavar="PERSON", help="whose it is; the operator's unless said", rich_help_panel=_WHOSE),
]
TeamOf = Annotated[str | None, typer.Option("--team", metavar="TEAM", help="it is the team's", rich_help_panel=_WHOSE)]
RhythmOf = Annotated[
    Rhythm | None, typer.Option("--rhythm", help="at once, or as a digest; instant unless said", rich_help_panel=_WHEN)
]
Hour = Annotated[
    int | None, typer.Option(min=0, max=23, help="of a daily digest; 8 unless said", rich_help_panel=_WHEN)
]
Quiet = Annotated[
    str | None,
    typer.Option(
        metavar="FROM-TO", help="tell nothing then: 22:00-07:00; off for no such hours", rich_help_panel=_WHEN
    ),
]
Timezone = Annotated[str | None, typer.Option(help="an IANA name; the person's unless said", rich_help_panel=_WHEN)]
LanguageOf = Annotated[
    Language | None, typer.Option("--language", help="of messages; the person's unless said", rich_help_panel=_WHEN)
]
Json = Annotated[bool, typer.Option("--json", help="one JSON document on standard output")]
Id = Annotated[str, typer.Argument(metavar="ID", help="as `tongjian subscriptions list` shows it")]


@dataclass(frozen=True)
class Asked:
    """What to look for, as it was said."""

    words: str | None = None
    query: str | None = None
    word: Sequence[str] = ()
    type: Sequence[str] = ()
    site: Sequence[str] = ()

    @property
    def said(self) -> bool:
        return any(part is not None for part in (self.words, self.query)) or any((self.word, self.type, self.site))

    def text(self) -> str:
        """One query of it all. Raises BadParameter, ConfigurationError."""
        from alerts.query import from_words, parse
        from pipeline.selecting import select

        if self.words is not None and self.query is not None:
            raise typer.BadParameter("say the query once: QUERY or --query 查询只说一次")
        sites = [found.name for found in select(self.site)] if self.site else []
        query, options = self.words or self.query or "", from_words(self.word, self.type, sites)
        # Each by itself first: an error points at a place in what was written.
        parse(query), parse(options)
        return f"({query}) ({options})" if query.strip() and options else query or options


def addresses(
    webhook: list[str] | None,
    email: list[str] | None,
    dingtalk: list[str] | None,
    wecom: list[str] | None,
    feishu: list[str] | None,
    apprise: list[str] | None,
) -> Mapping[Via, list[str]]:
    """Addresses by what they lead to."""
    return dict(zip(Via, (given or [] for given in (webhook, email, dingtalk, wecom, feishu, apprise)), strict=True))


def quiet_hours(text: str) -> tuple[int | None, int | None]:
    """Minutes after midnight, both None for `off`. Raises BadParameter."""
    if text.strip().lower() in ("off", "关", "无"):
        return None, None
    start, dash, end = text.replace("：", ":").replace("—", "-").partition("-")
    try:
        if not dash:
            raise ValueError(text)
        return _minutes(start), _minutes(end)
    except ValueError:
        raise typer.BadParameter(f"«{text}» are no quiet hours; write 22:00-07:00, or off 免打扰时段") from None


def _minutes(clock: str) -> int:
    hours, _, minutes = clock.strip().partition(":")
    hour, minute = int(hours), int(minutes or 0)
    if not (0 <= hour < 24 and 0 <= minute < 60):
        raise ValueError(clock)
    return hour * 60 + minute


def clock(minutes: int) -> str:
    """420 → 07:00."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
