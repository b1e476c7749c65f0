"""Articles that are copied, cut, retitled, mirrored and altered; the texts are our own, made from a seed."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

import opencc

from domain.article import Article, Block, Precision
from domain.change import Change, ChangeType, History, Status, Version
from domain.clock import SHANGHAI
from domain.urls import urlkey
from monitor.alikeness import Likeness, likeness, side
from monitor.reprints import Member

START = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
_WHO = ("市商务局", "区发改局", "市住建局", "县文旅局", "市农业农村局", "高新区管委会", "市交通运输局", "区教体局")
_DID = (
    "召开专题推进会",
    "组织开展联合检查",
    "赴重点企业调研",
    "举行项目集中签约仪式",
    "发布年度工作计划",
    "启动便民服务活动",
)
_WHAT = (
    "外贸稳增长",
    "老旧小区改造",
    "春季农业生产",
    "跨境电商综合试验区建设",
    "城市更新",
    "乡村道路养护",
    "义务教育均衡发展",
)
_SAID = (
    "{who}有关负责人介绍，今年以来{what}进展平稳，已完成投资{n}万元，同比增长{p}%。",
    "在{place}，记者看到工人们正在加紧施工，预计{m}月底前全部完工。",
    "会议指出，要把{what}摆在突出位置，逐项列出清单，明确责任单位和完成时限。",
    "截至目前，全市共有{n}家企业参与{what}，带动就业{k}人。",
    "{who}将会同有关部门建立联席会议制度，每{k}天通报一次进展情况。",
    "下一步，{place}将继续优化流程，压缩办理时限，为企业和群众提供更加便捷的服务。",
    "据了解，该项目总占地{k}亩，总建筑面积{n}平方米，分{d}期建设。",
    "与会代表围绕{what}进行了深入交流，并提出{d}条意见建议。",
    "{place}居民说，过去出门要绕行{d}公里，现在走新修的便道只需十来分钟。",
    "资金安排上，市级财政统筹{n}万元，其余由{place}自行筹措并纳入年度预算。",
)
_PLACES = ("柳泉街道", "青石镇", "河湾社区", "东岭工业园", "南坡村", "望湖新区", "北仓物流园", "松林乡")
_PINYIN = {
    "資": "zī",
    "業": "yè",
    "務": "wù",
    "區": "qū",
    "會": "huì",
    "時": "shí",
    "開": "kāi",
    "關": "guān",
    "單": "dān",
    "進": "jìn",
}


def body(seed: int, paragraphs: int = 6, sentences: int = 3) -> list[str]:
    """Paragraphs of an article that no other seed has."""
    chosen = random.Random(seed)
    return ["".join(_sentence(chosen) for _ in range(sentences)) for _ in range(paragraphs)]


def _sentence(chosen: random.Random) -> str:
    return chosen.choice(_SAID).format(
        who=chosen.choice(_WHO),
        what=chosen.choice(_WHAT),
        place=chosen.choice(_PLACES) + chosen.choice("甲乙丙丁戊己庚辛壬癸") + "片区",
        n=chosen.randint(120, 99_000),
        p=chosen.randint(1, 400) / 10,
        m=chosen.randint(3, 12),
        k=chosen.randint(11, 998),
        d=chosen.randint(2, 9),
    )


def title(seed: int) -> str:
    chosen = random.Random(seed)
    return f"{chosen.choice(_WHO)}{chosen.choice(_DID)}聚焦{chosen.choice(_WHAT)}"


def mirrored(paragraphs: Sequence[str]) -> list[str]:
    """As machine-made mirrors write it: 業(yè)務(wù)."""
    turn = opencc.OpenCC("s2t")
    return [
        "".join(f"{sign}({_PINYIN[sign]})" if sign in _PINYIN else sign for sign in turn.convert(one))
        for one in paragraphs
    ]


def article(paragraphs: Sequence[str], title: str = "", **more: object) -> Article:
    blocks = tuple(Block(text=text) for text in paragraphs)
    return Article.model_validate({"title": title or "全市重点工作推进情况综述", "body": blocks, **more})


def alike(one: Article, other: Article, sites: tuple[str, str] = ("alpha", "beta")) -> Likeness | None:
    """Two articles on two sites, whose names are 甲报 and 乙报."""
    names = {"alpha": ("甲州日报",), "beta": ("乙州网",)}
    return likeness(*(side(site, names[site], said) for site, said in zip(sites, (one, other), strict=True)))


def published(hours: float, precision: Precision = Precision.MINUTE) -> dict[str, object]:
    return {"published_at": START + timedelta(hours=hours), "published_precision": precision}


def member(
    site: str,
    *states: Article,
    names: tuple[str, ...] = (),
    official: bool = False,
    seen: float = 0,
    every: float = 24,
    removed: float | None = None,
    path: str = "a.html",
) -> Member:
    """A page that showed these articles, one after the other, `every` hours from hour `seen` on; gone at `removed`."""
    url = f"http://{site}.example.cn/{path}"
    times = [START + timedelta(hours=seen + every * number) for number in range(len(states))]
    versions = tuple(
        Version(
            number=number,
            article_digest=said.digest,
            first_seen=at,
            last_seen=at,
            capture=f"{site}-{path}-{number}",
        )
        for number, (said, at) in enumerate(zip(states, times, strict=True), 1)
    )
    ended = () if removed is None else (_removed(site, url, removed, len(states)),)
    status = Status.GONE if ended else Status.LIVE
    history = History(site=site, url=url, urlkey=urlkey(url), status=status, versions=versions, changes=ended)
    return Member(history, {said.digest: said for said in states}, names, official)


def _removed(site: str, url: str, hours: float, version: int) -> Change:
    return Change(
        site=site,
        url=url,
        urlkey=urlkey(url),
        type=ChangeType.REMOVED,
        at=START + timedelta(hours=hours),
        version=version,
        evidence=(f"{site}-gone-1", f"{site}-gone-2"),
    )
