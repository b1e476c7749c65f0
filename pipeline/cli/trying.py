"""subscriptions explain, test, backtest: before a query is switched on, and whether messages arrive."""

from typing import Annotated, Any

import typer

from domain.clock import iso, shown
from domain.desk import Backtest, Day, Tested, Timing
from domain.desk import Hour as BusyHour
from domain.errors import DeliveryError
from domain.subscription import OPERATOR, Rhythm, Subscription, Via
from pipeline.cli.asking import Hour, Json, Quiet, Timezone, quiet_hours
from pipeline.cli.desks import Office, office
from pipeline.cli.output import err, out, progress, put_json
from pipeline.cli.subscriptions_shown import channels_of, match_shape, tell_matches

Id = Annotated[str | None, typer.Argument(metavar="ID", help="as `tongjian subscriptions list` shows it")]
Query = Annotated[str | None, typer.Option(metavar="Q", help="any query, without a subscription")]
_WIDE = 40


def register(app: typer.Typer) -> None:
    app.command()(explain)
    app.command("test")(try_)
    app.command()(backtest)


def explain(
    words: Annotated[
        str | None, typer.Argument(metavar="QUERY", help="for example: '标题:(招商 或 投资) 非 广告'")
    ] = None,
    query: Annotated[str | None, typer.Option(metavar="Q", help="the same, as other commands take it")] = None,
    json: Json = False,
) -> None:
    """Say a query back as a sentence, or what is wrong with it and where. docs/queries.md has the language."""
    asked = query if words is None else words
    if asked is None or (query is not None and words is not None):
        raise typer.BadParameter("say one query: tongjian subscriptions explain '招商 非 广告' 请给出一个查询")
    from alerts.query import parse
    from alerts.reasons import explained
    from sites import load

    said = explained(parse(asked, sites=load()))
    if json:
        put_json({"query": asked, "zh": said.chinese, "en": said.english})
    else:
        out.print(f"{said.chinese}\n{said.english}", markup=False)


def try_(
    id: Id = None,
    query: Query = None,
    url: Annotated[str | None, typer.Option(metavar="URL", help="hold it against this page's last change")] = None,
    json: Json = False,
) -> None:
    """With --url: would that page have been told, and why? Without: send a test message to each channel now.

    tongjian subscriptions test ID                    exit 1 where a channel did not take the message
    tongjian subscriptions test ID --url URL
    tongjian subscriptions test --query '招商 非 广告' --url URL
    """
    _one_of(id, query)
    if query is not None and url is None:
        raise typer.BadParameter("a query is tested against a page: say --url URL too 请给出网址")
    with office() as room:
        if url is None:
            _send(room, room.desk.subscription(room.person(OPERATOR), str(id)), json=json)
        else:
            _hold(room.desk.test(_query(room, id, query), url), url, json=json)


def _hold(found: Tested, url: str, *, json: bool) -> None:
    why = {"zh": found.why.chinese, "en": found.why.english}
    if json:
        put_json({"url": url, "matches": found.matches, "title": found.title, "why": why})
        return
    verdict = "[green]符合 matches[/]" if found.matches else "[yellow]不符合 does not match[/]"
    out.print(verdict)
    out.print(f"  {found.title or url}\n  {why['zh']}\n  {why['en']}", markup=False)


def _send(room: Office, item: Subscription, *, json: bool) -> None:
    """To each channel; raises DeliveryError where one did not take it."""
    ways, who, answers = channels_of(room, item), room.person(OPERATOR), []
    if not ways:
        raise DeliveryError(
            f"{item.id} has no channel 没有渠道", hint="Give it one: tongjian subscriptions change ID --email ADDR."
        )
    for one in ways:
        try:
            answers.append((one, True, room.desk.try_channel(who, one.id), ""))
        except DeliveryError as error:
            answers.append((one, False, str(error), error.hint or ""))
    if json:
        put_json([{"channel": one.id, "accepted": good, "answer": said} for one, good, said, _ in answers])
    for one, good, said, _ in answers if not json else ():
        out.print(f"{one.shown} {'took' if good else 'did not take'} the test message: {said}", markup=False)
    failed = [answer for answer in answers if not answer[1]]
    if failed:
        one, _, said, hint = failed[0]
        raise DeliveryError(
            f"{one.shown} did not take the test message: {said}",
            hint=hint or "See that the address is right and that something listens there.",
        )


def backtest(
    id: Id = None,
    query: Query = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="how far to look back")] = 90,
    rhythm: Annotated[Rhythm | None, typer.Option(help="as a digest; the subscription's, or instant")] = None,
    hour: Hour = None,
    quiet: Quiet = None,
    timezone: Timezone = None,
    via: Annotated[list[Via] | None, typer.Option(help="to such a channel; the subscription's, or email")] = None,
    json: Json = False,
) -> None:
    """How many messages would the last days have made? Look before you switch a query on.

    Counted as a channel is told: one matter one message, many at once a digest, never a flood, in as many parts as the
    channel wants; a webhook gets one for each matter. Times and channels are the subscription's unless said.

    tongjian subscriptions backtest --query '招商 非 广告' --days 30
    tongjian subscriptions backtest --query '招商' --rhythm daily --hour 17 --via wecom
    """
    _one_of(id, query)
    with office() as room:
        item = room.desk.subscription(room.person(OPERATOR), id) if id is not None else None
        timing = _timing(item, rhythm, hour, quiet, timezone)
        vias = via or ([one.via for one in channels_of(room, item)] if item else [])
        asked = _query(room, id, query)
        with progress("looking back 回溯", days) as step:
            found = room.desk.backtest(
                asked,
                days=days,
                rhythm=timing.rhythm,
                seconds=None,
                timing=timing,
                vias=tuple(vias),
                language=item.language if item else "both",
                step=step,
            )
    if json:
        put_json(shape(asked, timing.rhythm, found))
    else:
        _tell(asked, timing.rhythm, found)


def _timing(
    item: Subscription | None, rhythm: Rhythm | None, hour: int | None, quiet: str | None, timezone: str | None
) -> Timing:
    """The subscription's, but for what was said."""
    kept = {name: getattr(item, name) for name in Timing.__slots__} if item else {}
    said = {"rhythm": rhythm, "hour": hour, "timezone": timezone}
    hours = dict(zip(("quiet_from", "quiet_to"), quiet_hours(quiet), strict=True)) if quiet else {}
    return Timing(**(kept | {name: value for name, value in said.items() if value is not None} | hours))


def shape(query: str, rhythm: Rhythm, found: Backtest) -> dict[str, Any]:
    """A backtest for programs."""
    return {
        "query": query,
        "rhythm": rhythm.value,
        "days": found.days,
        "looked": found.looked,
        "changes": found.changes,
        "messages": found.messages,
        "complete": found.complete,
        "estimated": found.estimated,
        "via": found.via.value,
        "channels": [one.model_dump(mode="json") for one in found.loads],
        "busiest_day": _busy(found.busiest_day),
        "busiest_hour": _busy(found.busiest_hour),
        "by_day": [
            {"day": one.day.isoformat(), "changes": one.changes, "messages": one.messages} for one in found.days_told
        ],
        "newest": [match_shape(one) for one in found.newest],
    }


def _busy(one: Day | BusyHour | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {"at": one.day.isoformat() if isinstance(one, Day) else iso(one.at), "messages": one.messages}


def _tell(query: str, rhythm: Rhythm, found: Backtest) -> None:
    a_day = found.messages / found.days
    for line in (
        f"{query or '(every change 全部)'}  {rhythm.chinese} {rhythm.value}",
        f"  过去 {found.days} 天 {found.looked} 条变更中，符合 {found.changes} 条，合为 {found.messages} 条消息。",
        f"  Of {found.looked} changes in the last {found.days} days {found.changes} match: {found.messages} messages, "
        f"{a_day:.1f} a day.",
    ):
        out.print(line, markup=False)
    _tell_loads(found)
    most = max((one.messages for one in found.days_told), default=0)
    for one in sorted(found.days_told, key=lambda day: day.messages, reverse=True)[:7]:
        bar = "█" * max(1, round(_WIDE * one.messages / most)) if one.messages else ""
        out.print(f"    {one.day}  {one.messages:5}  {bar}", markup=False)
    if not found.newest:
        why = "is it too narrow? 没有符合的变更" if found.looked else "nothing was found in that time 此间没有变更"
        err.print(f"nothing matched: {why}", style="yellow")
        return
    tell_matches(found.newest[:5])


def _tell_loads(found: Backtest) -> None:
    """The busiest day and hour; each kind of channel where there are several; what was estimated."""
    if found.busiest_day and found.busiest_hour:
        day, hour = found.busiest_day, found.busiest_hour
        at = shown(hour.at)[:16]
        out.print(
            f"  最忙 at most: {day.day} {day.messages} 条 a day; {at} {hour.messages} 条 an hour 一小时内", markup=False
        )
    for one in found.loads if len(found.loads) > 1 or found.estimated else ():
        judged = f", 其中估算 estimated {one.estimated}" if one.estimated else ""
        out.print(f"  {one.via.chinese} {one.via.value}: {one.messages}{judged}", markup=False)


def _one_of(id: str | None, query: str | None) -> None:
    if (id is None) == (query is None):
        raise typer.BadParameter("say either the ID of a subscription or --query Q 二者择一")


def _query(room: Office, id: str | None, query: str | None) -> str:
    return query if query is not None else room.desk.subscription(room.person(OPERATOR), str(id)).query
