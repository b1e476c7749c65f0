"""subscriptions: who is told of what, by which channel; more of it in trying and delivering."""

from typing import Annotated

import typer

from domain.desk import Draft
from domain.subscription import OPERATOR, Language, Person, Rhythm, Subscription
from pipeline.cli import asking, delivering, trying
from pipeline.cli.asking import Asked, Id, Json
from pipeline.cli.desks import Office, add_channels, office
from pipeline.cli.output import err, out, put_json

app = typer.Typer(
    help="Who is told of which changes, how and when; and what waits to be told. 订阅",
    epilog='For example: tongjian subscriptions add --name desk --email desk@example.com "招商引资 非 广告 类型:改"   '
    "The language of queries: docs/queries.md",
    no_args_is_help=True,
)
Name = Annotated[str, typer.Option(help="whose it is; stands in every message")]
Feed = Annotated[bool, typer.Option("--feed", help="make private Atom and JSON feeds of it")]


@app.command()
def add(
    name: Name,
    words: asking.Words = None,
    query: asking.Query = None,
    word: asking.Word = None,
    type: asking.Type = None,
    site: asking.Site = None,
    webhook: asking.Webhook = None,
    email: asking.Email = None,
    dingtalk: asking.DingTalk = None,
    wecom: asking.WeCom = None,
    feishu: asking.Feishu = None,
    apprise: asking.Apprise = None,
    channel: asking.ChannelIds = None,
    secret: asking.Secret = None,
    person: asking.For = None,
    team: asking.TeamOf = None,
    rhythm: asking.RhythmOf = None,
    hour: asking.Hour = None,
    quiet: asking.Quiet = None,
    timezone: asking.Timezone = None,
    language: asking.LanguageOf = None,
    feed: Feed = False,
    json: Json = False,
) -> None:
    """Add a subscription: it is told of what happens from now on, but never of cosmetic changes.

    Try the query first: tongjian subscriptions explain QUERY, backtest --query QUERY. Several channels are told each.
    """
    given = asking.addresses(webhook, email, dingtalk, wecom, feishu, apprise)
    if not (any(given.values()) or channel or feed):
        raise typer.BadParameter(
            "nobody would be told: say --webhook URL, --email ADDR, --dingtalk URL, --wecom URL, --feishu URL, "
            "--apprise URL, --channel ID or --feed 至少要有一个渠道或订阅源"
        )
    said = _said(name, rhythm, hour, quiet, timezone, language)
    said["query"] = Asked(words, query, word or (), type or (), site or ()).text()
    with office() as room:
        who, owner = room.person(person), room.team(team)
        room.desk.explain(str(said["query"]))
        made = [one.id for one in add_channels(room, who, owner, given, secret)]
        ways = tuple(dict.fromkeys([*(channel or ()), *made]))
        draft = Draft.model_validate(said | {"team": owner, "channels": ways})
        _told(room, who, room.desk.add(who, draft), feed=feed, json=json)


def _said(
    name: str | None,
    rhythm: Rhythm | None,
    hour: int | None,
    quiet: str | None,
    timezone: str | None,
    language: Language | None,
) -> dict[str, object]:
    """What of a draft was said."""
    said = {"name": name, "rhythm": rhythm, "hour": hour, "timezone": timezone, "language": language}
    if quiet:
        start, end = asking.quiet_hours(quiet)
        return {key: value for key, value in said.items() if value is not None} | {"quiet_from": start, "quiet_to": end}
    return {key: value for key, value in said.items() if value is not None}


def _told(room: Office, who: Person, item: Subscription, *, feed: bool, json: bool) -> None:
    """What is there now: the query as a sentence, and its feeds, which are shown this once."""
    from pipeline.cli.subscriptions_shown import shape, tell

    feeds = room.feeds(room.desk.renew_feed(who, item.id)) if feed else None
    item = room.desk.subscription(who, item.id)
    if json:
        put_json(shape(room, item) | ({"feeds": feeds} if feeds else {}))
        return
    tell(room, item)
    for kind, address in (feeds or {}).items():
        out.print(f"  {kind:5} {address}", markup=False)


@app.command("list")
def list_(person: asking.For = None, json: Json = False) -> None:
    """List the subscriptions: all, or those that somebody sees."""
    from pipeline.cli.subscriptions_shown import shape, table

    with office() as room:
        found = room.desk.subscriptions(room.person(person))
        if json:
            put_json([shape(room, item) for item in found])
        elif not found:
            err.print("no subscriptions; see: tongjian subscriptions add --help 还没有订阅")
        else:
            out.print(table(room, found))


@app.command()
def show(id: Id, json: Json = False) -> None:
    """Show one: what it looks for, whom it tells and when, and its last matches."""
    from pipeline.cli.subscriptions_shown import match_shape, shape, tell, tell_matches

    with office() as room:
        who = room.person(OPERATOR)
        item = room.desk.subscription(who, id)
        matches = room.desk.matches(who, id, 10)
        if json:
            put_json(shape(room, item) | {"matches": [match_shape(one) for one in matches]})
            return
        tell(room, item)
        tell_matches(matches)


@app.command()
def change(
    id: Id,
    words: asking.Words = None,
    name: Annotated[str | None, typer.Option(help="another name")] = None,
    query: asking.Query = None,
    word: asking.Word = None,
    type: asking.Type = None,
    site: asking.Site = None,
    webhook: asking.Webhook = None,
    email: asking.Email = None,
    dingtalk: asking.DingTalk = None,
    wecom: asking.WeCom = None,
    feishu: asking.Feishu = None,
    apprise: asking.Apprise = None,
    channel: asking.ChannelIds = None,
    drop: Annotated[list[str] | None, typer.Option(metavar="ID", help="no longer by this channel")] = None,
    secret: asking.Secret = None,
    rhythm: asking.RhythmOf = None,
    hour: asking.Hour = None,
    quiet: asking.Quiet = None,
    timezone: asking.Timezone = None,
    language: asking.LanguageOf = None,
    json: Json = False,
) -> None:
    """Change what is said, leave the rest: channels are added, --drop takes one away.

    Another query is told of what is found from now on; what the old one was held against is not looked at again.
    """
    given = asking.addresses(webhook, email, dingtalk, wecom, feishu, apprise)
    asked = Asked(words, query, word or (), type or (), site or ())
    said = _said(name, rhythm, hour, quiet, timezone, language)
    with office() as room:
        who = room.person(OPERATOR)
        was = room.desk.subscription(who, id)
        if asked.said:
            said["query"] = asked.text()
            room.desk.explain(str(said["query"]))
        made = [one.id for one in add_channels(room, room.person(was.person), was.team, given, secret)]
        ways = dict.fromkeys([*was.channels, *(channel or ()), *made])
        names = Draft.model_fields.keys() - {"team", "channels"}
        draft = Draft.model_validate({key: getattr(was, key) for key in names} | said)
        kept = tuple(way for way in ways if way not in (drop or ()))
        changed = room.desk.change(who, id, draft.model_copy(update={"channels": kept}))
        _told(room, who, changed, feed=False, json=json)


@app.command()
def pause(id: Id) -> None:
    """Tell it nothing until it is resumed. What happens meanwhile is not told, then or later."""
    _switch(id, active=False)


@app.command()
def resume(id: Id) -> None:
    """Tell it again, of what happens from now on."""
    _switch(id, active=True)


def _switch(id: str, *, active: bool) -> None:
    with office() as room:
        item = room.desk.switch(room.person(OPERATOR), id, active=active)
    err.print(f"{item.id}: {item.name} {'is told 已恢复' if active else 'is paused 已暂停'}", markup=False)


@app.command()
def remove(id: Id) -> None:
    """Remove a subscription, its matches, and what waits for it alone. Its channels stay, and what was delivered."""
    with office() as room:
        room.desk.remove(room.person(OPERATOR), id)
    err.print(f"removed {id} 已删除", markup=False)


@app.command()
def feed(id: Id, json: Json = False) -> None:
    """A new private address of its Atom and JSON feeds, shown this once; the old one ends."""
    with office() as room:
        feeds = room.feeds(room.desk.renew_feed(room.person(OPERATOR), id))
    if json:
        put_json(feeds)
        return
    for kind, address in feeds.items():
        out.print(f"{kind:5} {address}", markup=False)


trying.register(app)
delivering.register(app)
