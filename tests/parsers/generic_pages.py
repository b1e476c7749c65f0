"""Pages of our own for the generic reader: the shell of a site around whatever a test is about."""

from collections.abc import Sequence

from domain.article import Article
from parsers import read

URL = "http://www.qihe.example/news/20240506/1001.html"
TITLE = "栖河市召开老城改造推进会"
SENTENCES = (
    "栖河市今天上午召开老城改造推进会，总结一期工程的经验，部署下一阶段的任务。",
    "会议听取了住建、规划、城管三个部门的汇报，并到望山街实地查看了管网改造的进度。",
    "市政府有关负责人要求，各单位要把群众满意不满意作为衡量工作的标准，按时完成目标。",
    "会议还就冬季供暖、农贸市场搬迁和停车位建设等问题作了研究，提出了具体的时间表。",
)
MENU = "".join(
    f"<li><a href='/c{n}/'>{name}</a></li>" for n, name in enumerate(("首页", "要闻", "社会", "财经", "视频"))
)
HOT = "".join(f"<li><a href='/n/{n}.html'>第{n}条热门新闻的标题在这里</a> 2023-01-0{n}</li>" for n in range(1, 7))


def paragraphs(texts: Sequence[str] = SENTENCES) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def page(
    article: str,
    *,
    head: str = f"<title>{TITLE}_栖河新闻网</title>",
    foot: str = "",
) -> str:
    """A whole page: `article` between the site's menu and its hot list."""
    return (
        f"<html><head>{head}</head><body><ul class='menu'>{MENU}</ul>{article}"
        f"<div class='hot'><h3>热门推荐</h3><ul>{HOT}</ul></div>{foot}"
        "<div class='footer'>栖河传媒集团版权所有 Copyright 2008-2024 云ICP备00000001号</div></body></html>"
    )


def reading(markup: str, url: str = URL) -> Article:
    return read(markup.encode(), url, "text/html; charset=utf-8")


def texts(article: Article) -> list[str]:
    return [block.text for block in article.body if block.text]
