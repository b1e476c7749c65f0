"""A page's status from what its address answers, one after the other: gone, walled, redirected, back again."""

from dataclasses import replace

import pytest
from answer_pages import GONE, NOTICES, WALLS, bare, framed
from page_judging import KEY, SITE, URL, answer, made, payload
from page_templates import TEMPLATES

from domain.article import Article
from domain.change import ChangeType, History, Observation, Outcome, Status
from domain.site import Site
from monitor.judge import judge
from monitor.outcome import outcome
from parsers import read

ARTICLE = payload("trs", made("trs"))
EDITED = payload("trs", made("trs").replace("上午", "下午"))
# Answers that nobody can take for an accident: so many, so many hours apart.
MANY, APART = 8, 12

Answer = tuple[int, str | bytes, str | None]


def said(body: str | bytes, status: int = 200, location: str | None = None) -> Answer:
    return status, body, location


SHOWN, CHANGED = said(ARTICLE), said(EDITED)
HARD, GONE_FOR_GOOD = said(bare("404 Not Found", "<h1>404 Not Found</h1>"), 404), said("", 410)
SOFT = said(framed("您访问的页面不存在"))
WALL = said(bare("创宇盾", "<h1>已被创宇盾拦截</h1>"))
DOWN = said("", 503)
HOME, LIST = said("", 302, "/"), said("", 302, "http://www.qihe.example/news/index.html")


def seen(answers: list[Answer], site: Site | None) -> tuple[list[Observation], dict[str, Article]]:
    observed: list[Observation] = []
    articles: dict[str, Article] = {}
    for place, (status, body, location) in enumerate(answers):
        data = body.encode() if isinstance(body, str) else body
        article = read(data, URL, "text/html", site)
        articles[article.digest] = article
        observed.append(outcome(answer(place * APART, status=status, location=location), article, SITE))
    return observed, articles


def history(*answers: Answer, site: Site | None = SITE) -> History:
    observed, articles = seen(list(answers), site)
    return judge(SITE, URL, KEY, observed, articles)


def types(told: History) -> list[ChangeType]:
    return [change.type for change in told.changes]


def is_gone(page: Answer, site: Site | None) -> None:
    told = history(SHOWN, *[page] * MANY, site=site)
    assert told.status is Status.GONE
    assert types(told) == [ChangeType.NEW, ChangeType.REMOVED]
    assert len(told.versions) == 1


def says_nothing(page: Answer, site: Site | None) -> None:
    told = history(SHOWN, *[page] * MANY, site=site)
    assert told.status is Status.LIVE
    assert types(told) == [ChangeType.NEW]
    assert len(told.versions) == 1


@pytest.mark.parametrize("site", [SITE, None], ids=["of a site", "of no site"])
@pytest.mark.parametrize("text", NOTICES)
@pytest.mark.parametrize("make", [lambda text: bare("提示信息", f"<p>{text}</p>"), framed], ids=["bare", "framed"])
def test_a_notice_with_status_200_is_a_missing_page(make: object, text: str, site: Site | None) -> None:
    assert callable(make)
    is_gone(said(make(text)), site)


@pytest.mark.parametrize("site", [SITE, None], ids=["of a site", "of no site"])
@pytest.mark.parametrize("page", [pytest.param(row[1], id=row[0]) for row in GONE])
def test_a_not_found_page_with_status_200_is_a_missing_page(page: str, site: Site | None) -> None:
    is_gone(said(page), site)


@pytest.mark.parametrize("page", [HARD, GONE_FOR_GOOD, HOME, LIST], ids=["404", "410", "home", "list"])
def test_a_missing_page_by_its_answer(page: Answer) -> None:
    is_gone(page, SITE)


@pytest.mark.parametrize("site", [SITE, None], ids=["of a site", "of no site"])
@pytest.mark.parametrize(("status", "page"), [pytest.param(*row[1:], id=row[0]) for row in WALLS])
def test_a_wall_says_nothing_and_is_never_a_version(status: int, page: str, site: Site | None) -> None:
    says_nothing(said(page, status), site)


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_with_no_article_in_it_is_no_version(template: str) -> None:
    story = TEMPLATES[template][1]
    empty = replace(story, title="", paras=("",), source="", author="", published=" ", files=(), image="", number="")
    told = history(said(payload(template, made(template))), *[said(payload(template, made(template, empty)))] * MANY)
    assert len(told.versions) == 1
    assert ChangeType.EDITED not in types(told)


@pytest.mark.parametrize(
    "text",
    [
        "市网信办近日处置一批信息，其中三条信息已删除，两个账号已注销，相关责任人被约谈，处置情况向社会公开。",
        "记者发现，该平台的投诉页面不存在，客服电话无人接听，消费者维权无门，市场监管部门已介入调查处理。",
        "会议要求加强网络安全防护，推广人机验证，对访问异常及时处置，提高政务网站的安全防护水平和服务能力。",
        "登录市民服务平台，输入密码即可办理，系统请求过于频繁时请稍后再试，窗口仍可现场办理各项业务。",
    ],
)
@pytest.mark.parametrize("template", TEMPLATES)
def test_an_article_about_such_things_is_an_article(template: str, text: str) -> None:
    story = replace(TEMPLATES[template][1], paras=(text,))
    told = history(said(payload(template, made(template, story))))
    assert types(told) == [ChangeType.NEW]


@pytest.mark.parametrize(
    ("answers", "status", "expected"),
    [
        ([SHOWN, SHOWN], Status.LIVE, ["new"]),
        ([SHOWN, HARD], Status.SUSPECT, ["new"]),
        ([SHOWN, SOFT], Status.SUSPECT, ["new"]),
        ([SHOWN, HARD, SHOWN], Status.LIVE, ["new"]),
        ([SHOWN, SOFT, SHOWN, SOFT, SHOWN], Status.LIVE, ["new"]),
        ([SHOWN, WALL, CHANGED], Status.EDITED, ["new", "edited"]),
        ([SHOWN, *[WALL, DOWN] * MANY], Status.LIVE, ["new"]),
        ([SHOWN, *[WALL] * MANY, SHOWN], Status.LIVE, ["new"]),
        ([SHOWN, *[HARD] * MANY], Status.GONE, ["new", "removed"]),
        ([SHOWN, *[HARD, SOFT, HOME, GONE_FOR_GOOD] * MANY], Status.GONE, ["new", "removed"]),
        ([SHOWN, *[SOFT, WALL] * MANY], Status.GONE, ["new", "removed"]),
        ([SHOWN, *[HARD] * MANY, *[WALL] * MANY], Status.GONE, ["new", "removed"]),
        ([SHOWN, *[HARD] * MANY, SHOWN], Status.RESTORED, ["new", "removed", "restored"]),
        ([SHOWN, *[SOFT] * MANY, CHANGED], Status.RESTORED, ["new", "removed", "restored"]),
        ([SHOWN, *[HARD] * MANY, SHOWN, *[SOFT] * MANY], Status.GONE, ["new", "removed", "restored", "removed"]),
        ([WALL, SHOWN], Status.LIVE, ["new"]),
        ([SOFT, SHOWN], Status.LIVE, ["new"]),
        ([SHOWN, CHANGED, *[HOME] * MANY], Status.GONE, ["new", "edited", "removed"]),
        ([SHOWN, CHANGED, SHOWN], Status.EDITED, ["new", "edited", "edited"]),
    ],
)
def test_a_course_of_answers(answers: list[Answer], status: Status, expected: list[str]) -> None:
    told = history(*answers)
    assert ([kind.value for kind in types(told)], told.status) == (expected, status)


def test_no_wall_is_ever_an_article() -> None:
    observed, _ = seen([said(page, status) for _, status, page in WALLS], SITE)
    shown = [name for (name, *_), item in zip(WALLS, observed, strict=True) if item.outcome is Outcome.ARTICLE]
    assert shown == []
