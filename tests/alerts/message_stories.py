"""Messages to look at, made as the house makes them: articles judged, matters told, standings shaped. All our own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from alerts.health import payload as health_payload
from alerts.kinds import Matter, Payload
from alerts.messages import digest
from alerts.numbers import line
from alerts.payload import addressed, copy, payload, switched_off, trial
from alerts.unwell import unwell
from domain.article import Article, Attachment, Block
from domain.change import Change, ChangeType, Observation, Outcome
from domain.health import Sign, Standing, State
from domain.urls import urlkey
from monitor.context import Context
from monitor.divergence import divergences
from monitor.judge import judge
from monitor.reprints import Member
from parsers.citing import citations

WEB = "https://room.example"
START = datetime(2026, 11, 21, 1, 30, tzinfo=UTC)
PUBLISHED = START - timedelta(hours=3)
SITES = {"yunchuan": ("云川市商务局", "云川市"), "jiangwan": ("江湾日报", "江湾省"), "hexi": ("河西在线", "")}
NUMBER = "云政办发〔2023〕7号"


@dataclass(frozen=True)
class Named:
    """A subscription as its messages name it."""

    id: str
    name: str


DESK, CLERK = Named("3f2a9c01", "招商项目"), Named("77b0de44", "value for money & more")
OPENING = [
    "云川市商务局昨日通报，今年以来全市新签约项目总投资{amount}，预计{day}前全部建成并投入使用。",
    "项目涵盖高端装备、新材料与现代物流，全部位于高新区东片区。",
    "联系人：{person}，电话以公告为准。",
]


def article(title: str, *lines: str, **more: Any) -> Article:
    said = {"source": "云川日报", "published_at": PUBLISHED, "published_precision": "minute"} | more
    return Article(title=title, body=tuple(Block(text=one) for one in lines), **said)  # type: ignore[arg-type]


def opening(amount: str = "2000万元", day: str = "2027年3月31日", person: str = "王一", **more: Any) -> Article:
    lines = (one.format(amount=amount, day=day, person=person) for one in OPENING)
    return article("高新区十二个招商项目集中开工", *lines, **{"document_numbers": ("云商发〔2026〕12号",)} | more)


def changes(
    site: str, path: str, *states: Article | str, context: Context | None = None
) -> list[tuple[Change, Article]]:
    """What happened to a page that showed these articles an hour apart, or was missing for this reason; each change
    with the article of its version."""
    url = f"http://{site}.example.cn/2026/{path}.html"
    seen = [_observation(url, hour, state) for hour, state in enumerate(states)]
    articles = {state.digest: state for state in states if isinstance(state, Article)}
    history = judge(site, url, urlkey(url), seen, articles, context=context)
    digests = {version.number: version.article_digest for version in history.versions}
    return [(change, articles[digests[change.version]]) for change in history.changes]


def _observation(url: str, hour: int, state: Article | str) -> Observation:
    shown = isinstance(state, Article)
    moved = not shown and "redirect to http" in state
    return Observation(
        capture=f"{abs(hash_of(f'{url} {hour}')):064x}",
        at=START + timedelta(hours=hour),
        outcome=Outcome.ARTICLE if shown else Outcome.MOVED if moved else Outcome.MISSING,
        digest=state.digest if isinstance(state, Article) else None,
        reason="" if isinstance(state, Article) else state,
        run=f"run{hour}",
        target=state.rpartition(" ")[2] if isinstance(state, str) and moved else None,
        length=1000,
    )


def hash_of(text: str) -> int:
    """The same in every process."""
    return int.from_bytes(text.encode()[-31:].rjust(31, b"\7"), "big")


def matter(found: tuple[Change, Article]) -> Matter:
    change, shown = found
    title, region = SITES.get(change.site, ("", ""))
    return Matter(
        change,
        shown.title or "",
        shown.text,
        citations(shown),
        source=shown.source or "",
        authors=shown.authors,
        document_numbers=shown.document_numbers,
        published_at=shown.published_at,
        site_title=title,
        region=region,
    )


def told(found: tuple[Change, Article], *subscriptions: Named, **more: Any) -> Payload:
    return addressed(payload(matter(found), WEB), subscriptions or (DESK,), WEB, **more)


def standing(site: str, *signs: Sign, state: State = State.BROKEN) -> Standing:
    since = START - timedelta(hours=30)
    return Standing(site=site, state=state, beneath=state, since=since, checked=START, signs=signs)


STALE = Sign(kind="stale", level="error", zh="30 小时没有一轮抓取完成", en="no run has ended for 30 hours")
EMPTY = Sign(kind="lists", level="error", zh="列表页上一个链接也没有", en="zero links on an entry page")


def ill() -> list[Payload]:
    titles = {name: title for name, (title, _) in SITES.items()}
    return unwell([standing("hexi", STALE), standing("jiangwan", EMPTY)], titles=titles)


def edited() -> Payload:
    found = changes("yunchuan", "a1", opening(), opening("2000亿元", "2027年6月30日", "李二"))
    first = changes("jiangwan", "c7", opening())
    return told(found[1], DESK, CLERK, also=[copy(payload(matter(first[0]), WEB))], health=ill())


def titled() -> Payload:
    before = article("关于做好外资企业年报工作的通知", "请按时报送。", attachments=(_file("年报表.xlsx"),))
    after = article("关于做好外商投资企业年报工作的通知", "请按时报送。", attachments=(_file("年报表（修订）.xlsx"),))
    return told(changes("yunchuan", "a2", before, after)[1])


def _file(name: str) -> Attachment:
    return Attachment(href=f"http://yunchuan.example.cn/f/{name}", name=name)


def repealing() -> Payload:
    shown = article(
        "关于废止部分文件的决定", f"{NUMBER}自本决定公布之日起废止。", "此前已经受理的申请，按原规定办理完毕。"
    )
    found = changes("yunchuan", "b1", shown)[0]
    said = [line(item) for item in matter(found).citations if item.number and item.number.text == NUMBER]
    return told(found, notes=said)


def removed() -> Payload:
    shown = article(
        "云川市促进外贸稳定增长若干措施", NUMBER, "对年度出口增量给予最高 300 万元奖励。", document_numbers=(NUMBER,)
    )
    return told(changes("yunchuan", "b2", shown, "status 404", "status 404")[1], health=ill()[:1])


def restored() -> Payload:
    return told(changes("jiangwan", "c1", opening(), "soft 404", "soft 404", opening())[2])


def moved() -> Payload:
    target = "http://jiangwan.example.cn/2027/c2.html"
    led = f"permanent redirect to {target}"
    found = changes("jiangwan", "c2", opening(), led, led, context=Context(targets={target: opening()}))
    return told(found[1])


def republished() -> Payload:
    again = opening(published_at=PUBLISHED + timedelta(days=2))
    return told(changes("jiangwan", "c3", opening(), again)[1])


def reverted() -> Payload:
    return told(changes("jiangwan", "c4", opening(), opening("3000万元"), opening())[2])


def diverged() -> Payload:
    first = _member("yunchuan", "a9", opening(), official=True)
    own = _member("jiangwan", "c9", opening("2000亿元"))
    (found,) = divergences(own, first, [own, first])
    return told((found, opening("2000亿元")))


def _member(site: str, path: str, shown: Article, *, official: bool = False) -> Member:
    url = f"http://{site}.example.cn/2026/{path}.html"
    history = judge(site, url, urlkey(url), [_observation(url, 0, shown)], {shown.digest: shown})
    return Member(history, {shown.digest: shown}, (SITES[site][0],), official)


def broken() -> Payload:
    said = health_payload(standing("jiangwan", EMPTY, STALE), "broken", SITES["jiangwan"][0], WEB)
    return addressed(said, [Named("5c11aa02", "站况")], WEB)


def mended() -> Payload:
    well = standing("jiangwan", state=State.HEALTHY)
    return addressed(health_payload(well, "mended", SITES["jiangwan"][0], WEB), [Named("5c11aa02", "站况")], WEB)


def test() -> Payload:
    return trial("商务组的信箱", WEB) | {"at": "2026-11-21T01:30:00.000000Z"}


def channel() -> Payload:
    said = switched_off("云川项目群", "410 Gone", WEB, f"{WEB}/channels/c1")
    return said | {"at": "2026-11-21T01:30:00.000000Z"}


def withdrawn() -> Payload:
    kept = {"id", "url", "site", "type", "at", "severity", "version", "previous", "link", "subscription", "classes"}
    said = {name: value for name, value in edited().items() if name in kept}
    return said | {
        "title": "",
        "fields": [],
        "summary": "应法院要求撤下 taken down by order of a court",
        "withdrawn": True,
    }


def daily(*more: Payload) -> Payload:
    some = [restored(), removed(), edited(), repealing(), titled(), republished(), reverted(), moved(), *more]
    return digested(some, health=ill())


def digested(some: Sequence[Payload], rhythm: str = "daily", **said: Any) -> Payload:
    at = datetime(2026, 11, 22, 0, 0, tzinfo=UTC)
    name = "、".join(one.name for one in (DESK, CLERK))
    given = {"rhythm": rhythm, "since": at - timedelta(days=1), "at": at, "name": name, "id": "d1"}
    return digest(some, **given | {"link": f"{WEB}/deliveries", "health": ()} | said)  # type: ignore[arg-type]


def quiet() -> Payload:
    return digested([], health=ill())


def hourly() -> Payload:
    at = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
    return digested([edited(), broken()], "hourly", at=at, since=at - timedelta(hours=1))


def fresh(number: int, **more: Any) -> Payload:
    """A new page, one of many."""
    shown = article(f"第{number}批重点项目清单公布", f"第{number}批共{number + 10}个项目，总投资{number}亿元。", **more)
    return told(changes("jiangwan", f"n{number}", shown)[0])


STORIES = {
    "edited": edited,
    "titled": titled,
    "new": repealing,
    "removed": removed,
    "restored": restored,
    "moved": moved,
    "republished": republished,
    "reverted": reverted,
    "diverged": diverged,
    "broken": broken,
    "mended": mended,
    "test": test,
    "channel": channel,
    "withdrawn": withdrawn,
    "daily": daily,
    "hourly": hourly,
    "quiet": quiet,
}
TYPES = frozenset(kind.value for kind in ChangeType)
