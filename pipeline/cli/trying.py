"""subscriptions explain, test, backtest: before a query is switched on, and whether messages arrive."""

from typing import Annotated, Any

import typer

from domain.desk import Backtest, Tested
from domain.errors import DeliveryError
from domain.subscription import OPERATOR, Rhythm, Subscription
from pipeline.cli.asking import Json
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
    query: Annotated[str, typer.Argument(metavar="QUERY", help="for example: '标题:(招商 或 投资) 非 广告'")],
    json: Json = False,
) -> None:
    """Say a query back as a sentence, or what is wrong with it and where. docs/queries.md has the language."""
    from alerts.query import parse
    from alerts.reasons import explained
    from sites import load

    said = explained(parse(query, sites=load()))
    if json:
        put_json({"query": query, "zh": said.chinese, "en": said.english})
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
    json: Json = False,
) -> None:
    """How many messages would the last days have made? Look before you switch a query on.

    Counted as people's channels are told: one matter one message, many at once a digest, never a flood; a webhook
    gets one for each matter.

    tongjian subscriptions backtest --query '招商 非 广告' --days 30
    """
    from alerts.backtest import Timing

    _one_of(id, query)
    with office() as room:
        timing = Timing(rhythm or Rhythm.INSTANT)
        if id is not None:
            item = room.desk.subscription(room.person(OPERATOR), id)
            timing = Timing(rhythm or item.rhythm, item.hour, item.quiet_from, item.quiet_to, item.timezone)
        asked = _query(room, id, query)
        with progress("looking back 回溯", days) as step:
            found = room.desk.backtest(asked, days=days, rhythm=timing.rhythm, seconds=None, timing=timing, step=step)
    if json:
        put_json(shape(asked, timing.rhythm, found))
    else:
        _tell(asked, timing.rhythm, found)


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
        "by_day": [
            {"day": one.day.isoformat(), "changes": one.changes, "messages": one.messages} for one in found.days_told
        ],
        "newest": [match_shape(one) for one in found.newest],
    }


def _tell(query: str, rhythm: Rhythm, found: Backtest) -> None:
    a_day = found.messages / found.days
    for line in (
        f"{query or '(every change 全部)'}  {rhythm.chinese} {rhythm.value}",
        f"  过去 {found.days} 天 {found.looked} 条变更中，符合 {found.changes} 条，合为 {found.messages} 条消息。",
        f"  Of {found.looked} changes in the last {found.days} days {found.changes} match: {found.messages} messages, "
        f"{a_day:.1f} a day.",
    ):
        out.print(line, markup=False)
    most = max((one.messages for one in found.days_told), default=0)
    for one in sorted(found.days_told, key=lambda day: day.messages, reverse=True)[:7]:
        bar = "█" * max(1, round(_WIDE * one.messages / most)) if one.messages else ""
        out.print(f"    {one.day}  {one.messages:5}  {bar}", markup=False)
    if not found.newest:
        why = "is it too narrow? 没有符合的变更" if found.looked else "nothing was found in that time 此间没有变更"
        err.print(f"nothing matched: {why}", style="yellow")
        return
    tell_matches(found.newest[:5])


def _one_of(id: str | None, query: str | None) -> None:
    if (id is None) == (query is None):
        raise typer.BadParameter("say either the ID of a subscription or --query Q 二者择一")


def _query(room: Office, id: str | None, query: str | None) -> str:
    return query if query is not None else room.desk.subscription(room.person(OPERATOR), str(id)).query
