"""What articles say of documents, in a real PostgreSQL: kept with the article, asked by number, title and issuer."""

from collections.abc import Sequence
from datetime import date

from making_captures import article, fill, shown

from catalogue import Catalogue, Reading
from catalogue.kinds import Policy
from domain.article import Article, Block, Precision
from domain.citation import Citation, DocumentNumber, Relation
from domain.clock import parse

SITE = "http://news.example.cn/2026/"
NUMBER = "云政发〔2024〕5号"
TITLE = "云川市招商引资办法"


def number(text: str = NUMBER) -> DocumentNumber:
    found = DocumentNumber.of(text)
    assert found is not None
    return found


def said(relation: Relation, text: str | None = NUMBER, title: str | None = None) -> Citation:
    counted = number(text) if text else None
    return Citation(relation=relation, number=counted, title=title, sentence=f"{relation}。", offset=3, confidence=0.9)


def dated(title: str, day: str, body: str = "正文。", **more: object) -> Article:
    moment = parse(f"{day}T09:00:00+08:00")
    return article(title, body, published_at=moment, published_precision=Precision.DAY, **more)


def reading(hours: float, name: str, read: Article, *citations: Citation, site: str = "alpha") -> Reading:
    made = shown(hours, read, f"{SITE}{name}.html", site=site)
    return Reading(made.capture, made.article, made.observation, made.reader, citations=lambda: citations)


def told(policy: Policy) -> list[tuple[str, str]]:
    return [(page.relation.value, str(page.day)) for page in policy.pages]


def a_policy() -> list[Reading]:
    return [
        reading(5, "repealed", dated("关于废止部分文件的决定", "2026-02-01"), said(Relation.REPEALS, title=TITLE)),
        reading(1, "draft", dated("征求意见", "2024-01-05"), said(Relation.DRAFTS, None, f"{TITLE}（征求意见稿）")),
        reading(
            2,
            "own",
            dated("印发通知", "2024-05-01", written_on=date(2024, 4, 28)),
            said(Relation.IS, title=f"云川市人民政府关于印发《{TITLE}》的通知"),
            said(Relation.REPEALS, "云政发〔2018〕3号"),
        ),
        reading(3, "reading", dated("解读", "2024-05-03"), said(Relation.INTERPRETS, None, TITLE)),
        reading(4, "news", dated("新闻", "2024-06-01"), said(Relation.CITES)),
        reading(6, "other", dated("别处", "2024-06-02"), said(Relation.CITES, "云政发〔2024〕6号")),
    ]


def test_a_policy_stands_in_time_order_joined_by_number_and_title(catalogue: Catalogue) -> None:
    fill(catalogue, a_policy())
    found = catalogue.policy(number())
    assert told(found) == [
        ("drafts", "2024-01-05"),
        ("is", "2024-04-28"),
        ("interprets", "2024-05-03"),
        ("cites", "2024-06-01"),
        ("repeals", "2026-02-01"),
    ]
    assert [page.dated for page in found.pages][:2] == ["published", "written"]
    assert [(item.relation, item.number) for item in found.links] == [(Relation.REPEALS, "云政发〔2018〕3号")]


def test_a_title_that_is_everybodys_joins_on_its_own_site_alone(catalogue: Catalogue) -> None:
    plan = "招商引资年度工作要点"
    fill(
        catalogue,
        [
            reading(1, "own", article("甲"), said(Relation.IS, title=plan)),
            reading(2, "r", article("乙"), said(Relation.INTERPRETS, None, plan)),
        ],
    )
    fill(
        catalogue, [reading(3, "beta", article("丙"), said(Relation.INTERPRETS, None, plan), site="beta")], site="beta"
    )
    assert [page.site for page in catalogue.policy(number()).pages] == ["alpha", "alpha"]


def test_what_a_page_no_longer_says_is_shown_as_past(catalogue: Catalogue) -> None:
    first, second = article("新闻", "提到它。"), article("新闻", "不再提它。")
    fill(catalogue, [reading(1, "news", first, said(Relation.CITES))], [reading(2, "news", second)])
    (page,) = catalogue.policy(number()).pages
    assert (page.version, page.current) == (1, False)


def test_a_number_nobody_names_is_an_empty_policy(catalogue: Catalogue) -> None:
    found = catalogue.policy(number())
    assert (found.pages, found.links, found.names) == ((), (), ())


def issued(catalogue: Catalogue, *sequences: int, year: int = 2024) -> None:
    fill(
        catalogue,
        [
            reading(
                hours, f"{year}-{one}", article(f"第{one}号", str(year)), said(Relation.IS, f"云政发〔{year}〕{one}号")
            )
            for hours, one in enumerate(sequences, 1)
        ],
    )


def test_gaps_are_leads_where_the_sequence_is_seen(catalogue: Catalogue) -> None:
    issued(catalogue, 3, 4, 7)
    fill(catalogue, [reading(50, "citing", article("引用"), said(Relation.CITES, "云政发〔2024〕6号"))])
    (gap,) = catalogue.gaps("云政发")
    assert (gap.year, gap.held, gap.missing, gap.cited, gap.dense) == (2024, (3, 4, 7), (5, 6), (6,), True)


def test_no_leads_where_too_few_are_held(catalogue: Catalogue) -> None:
    issued(catalogue, 3, 40, 77)
    issued(catalogue, 1, 2, year=2025)
    assert [(gap.year, gap.missing, gap.dense) for gap in catalogue.gaps("云政发")] == [
        (2024, (), False),
        (2025, (), False),
    ]
    assert [gap.year for gap in catalogue.gaps("云政发", 2025)] == [2025]
    assert catalogue.gaps("云川府办") == ()


def test_rows_are_put_down_once_for_an_article_and_cleared_with_the_site(catalogue: Catalogue) -> None:
    read = article("新闻", "提到它。")
    fill(catalogue, [reading(1, "a", read, said(Relation.CITES))], [reading(2, "a", read, said(Relation.CITES))])
    rows = catalogue.dump()["citations"]
    assert [(row["number"], row["number_key"], row["issuer"], row["place"]) for row in rows] == [
        (NUMBER, "云政发/2024/5", "云政发", 0)
    ]
    catalogue.clear("alpha")
    assert catalogue.dump()["citations"] == []


def test_what_a_newer_reader_says_takes_the_place_of_the_older(catalogue: Catalogue) -> None:
    old = reading(1, "a", article("新闻", "旧读法。"), said(Relation.CITES))
    fill(catalogue, [old])
    new = _read_again(old, article("新闻", "新读法。"), [said(Relation.REPEALS)])
    _compare_again(catalogue, new)
    assert [row["relation"] for row in catalogue.dump()["citations"]] == ["repeals"]
    same = _read_again(new, new.article or article(), [])
    _compare_again(catalogue, Reading(same.capture, same.article, same.observation, "generic 3"))
    assert catalogue.dump()["citations"] == []


def _read_again(old: Reading, read: Article, citations: Sequence[Citation]) -> Reading:
    assert old.observation is not None
    seen = old.observation.model_copy(update={"digest": read.digest})
    return Reading(old.capture, read, seen, "generic 2", citations=lambda: citations)


def _compare_again(catalogue: Catalogue, anew: Reading) -> None:
    from monitor.judge import judge

    capture = anew.capture
    readings = {capture.id: anew}
    url, seen, articles = catalogue.observed("alpha", [capture.urlkey], anew=readings)[capture.urlkey]
    history = judge("alpha", url, capture.urlkey, seen, articles)
    catalogue.put_histories("alpha", 1, [history], anew=readings)


def test_many_rows_at_once(catalogue: Catalogue) -> None:
    """Beyond 256 rows COPY puts them down."""
    read = Article(title="目录", body=(Block(text="很多。"),))
    many = tuple(said(Relation.REPEALS, f"云政发〔2010〕{one}号", f"甲\t\\乙{one}办法") for one in range(1, 301))
    fill(catalogue, [reading(1, "list", read, *many)])
    assert catalogue.counts()["citations"] == 300
    (page,) = catalogue.policy(number("云政发〔2010〕77号")).pages
    assert (page.title, page.confidence) == ("甲\t\\乙77办法", 0.9)
