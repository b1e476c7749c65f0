"""What a page is, when all of them answer with 200."""

import pytest

from domain.article import Kind
from domain.site import Entry, Site
from parsers import read

HOME = "http://www.example.cn/"
SITE = Site(
    name="example", title="例", homepage=HOME, entries=(Entry(url=HOME + "list/"),), article=r"/news/\d+\.html$"
)
PROSE = "".join(f"<p>第{n}段。会议讨论了工作安排,要求各部门抓好落实,确保目标如期实现。</p>" for n in range(4))
ARTICLE = f"<title>会议讨论了工作安排</title><h1>会议讨论了工作安排</h1><div>{PROSE}</div>"
MANY = "".join(f"<li><a href='/news/{n}.html'>这是第{n}条新闻的标题文字</a> 2024-05-06</li>" for n in range(40))


@pytest.mark.parametrize("site", [SITE, None])
@pytest.mark.parametrize(
    ("page", "kind"),
    [
        (ARTICLE, Kind.ARTICLE),
        ("<title>提示信息</title><p>您访问的页面不存在或已被删除</p><a href='/'>返回首页</a>", Kind.MISSING),
        ("<title>404</title><h1>404 Not Found</h1>", Kind.MISSING),
        ("<title>例网</title><div>抱歉，该文章已被删除！</div>", Kind.MISSING),
        ("<title>例网</title><div>没有找到您要访问的页面</div>" + f"<ul>{MANY}</ul>", Kind.MISSING),
        ("<title>安全验证</title><p>您的访问过于频繁，请完成安全验证后继续</p>", Kind.BLOCKED),
        ("<title>403 Forbidden</title><center>nginx</center>", Kind.BLOCKED),
        ("<title>用户登录</title><form>用户名<input>密码<input type=password><a>登录</a></form>", Kind.LOGIN),
        ("<html></html>", Kind.OTHER),
    ],
)
def test_at_an_article_s_address(page: str, kind: Kind, site: Site | None) -> None:
    assert read(page.encode(), HOME + "news/1.html", site=site).kind is kind


def test_an_article_about_missing_pages_is_an_article() -> None:
    page = ARTICLE.replace("会议讨论了工作安排", "该网站的页面不存在,记者访问被拒绝")
    assert read(page.encode(), HOME + "news/1.html", site=SITE).kind is Kind.ARTICLE


def test_a_counter_at_404_is_no_notice() -> None:
    page = f"<title>例网</title><i>404</i><ul>{MANY}</ul>".encode()
    assert read(page, HOME, site=SITE).kind is Kind.HOME
    assert read(page, HOME + "list/").kind is Kind.LIST


def test_fronts() -> None:
    page = f"<title>例网</title><ul>{MANY}</ul>".encode()
    assert read(page, HOME, site=SITE).kind is Kind.HOME
    assert read(page, HOME + "list/", site=SITE).kind is Kind.LIST
    assert read(page, HOME).kind is Kind.HOME
    assert read(page, HOME + "list/").kind is Kind.LIST


def test_what_is_no_page() -> None:
    got = read(b"%PDF-1.4 ...", HOME + "news/1.html", "application/pdf", SITE)
    assert (got.kind, got.issues) == (Kind.OTHER, ("not a page: application/pdf",))
    assert read(b"\x89PNG\r\n\x1a\n" + bytes(500), HOME + "a.png").kind is Kind.OTHER
    assert read(b'{"a": 1}', HOME + "a.json", "application/json").kind is Kind.OTHER
