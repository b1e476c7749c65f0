"""What a labelled page is made of: the story that is told, and the frame around it that moves by itself."""

from collections.abc import Callable
from dataclasses import dataclass

HOT = (
    "望山县石榴采摘节周末开幕",
    "栖河大桥夜间封闭检修公告",
    "全市中小学秋季开学时间确定",
    "老城区三条公交线路临时改道",
    "市图书馆新馆下月试运行",
    "青年夜校第二期报名火热",
)
MENU = "".join(
    f"<li><a href='/c{n}/'>{name}</a></li>" for n, name in enumerate(("首页", "要闻", "政务", "财经", "民生"))
)


@dataclass(frozen=True)
class Story:
    """What a page says. `files` are (address, name); `published` as shown, to the minute."""

    title: str
    paras: tuple[str, ...]
    source: str = "栖河日报"
    author: str = "周远山"
    editor: str = "林小满"
    published: str = "2024-05-06 09:30"
    files: tuple[tuple[str, str], ...] = ()
    image: str = ""
    number: str = "栖政办发〔2024〕12号"
    agency: str = "栖河市人民政府办公室"

    @property
    def day(self) -> str:
        return self.published.partition(" ")[0]


@dataclass(frozen=True)
class Frame:
    """Mark-up that is none of the story's, by its place: in <head>, above the menu, in the publish line, above the
    body, between its paragraphs, at the end inside of it, below it in the article's container, beside, at the foot."""

    head: str = ""
    masthead: str = ""
    publish: str = ""
    above: str = ""
    between: str = ""
    end: str = ""
    below: str = ""
    side: str = ""
    foot: str = ""


Template = Callable[[Story, Frame], str]


def links(titles: tuple[str, ...] = HOT, *, dated: bool = False, token: str = "") -> str:
    """A list of other articles."""
    rows = (
        f"<li><a href='/n/2024/{len(title)}{sum(map(ord, title)) % 9973}.html{token}'>{title}</a>"
        f"{'<span>05-0' + str(n % 9 + 1) + '</span>' if dated else ''}</li>"
        for n, title in enumerate(titles)
    )
    return f"<ul>{''.join(rows)}</ul>"


def box(heading: str, titles: tuple[str, ...] = HOT, name: str = "box", *, dated: bool = False) -> str:
    """A headed list of other articles."""
    head = f"<h3>{heading}</h3>" if heading else ""
    return f"<div class='{name}'>{head}{links(titles, dated=dated)}</div>"


def body(story: Story, frame: Frame, tag: str = "p", indent: str = "　　") -> str:
    """The story's paragraphs with what stands between and behind them."""
    paras = [f"<{tag}>{indent}{text}</{tag}>" for text in story.paras]
    picture = f"<p style='text-align:center'><img src='{story.image}' alt=''></p>" if story.image else ""
    files = "".join(f"<p><a href='{href}' target='_blank'>{name}</a></p>" for href, name in story.files)
    return "\n".join((*paras[:2], frame.between, picture, *paras[2:], files, frame.end))


def shell(story: Story, frame: Frame, main: str, *, site: str = "栖河新闻网", charset: str = "utf-8") -> str:
    """A whole page around `main`: menu, a column of other articles, a foot."""
    return (
        f"<!DOCTYPE html>\n<html><head><meta charset='{charset}'><title>{story.title}_{site}"
        f"</title>{frame.head}</head>\n"
        f"<body><div class='top'>{frame.masthead}</div><ul class='menu'>{MENU}</ul>\n"
        f"<div class='crumb'>当前位置：<a href='/'>首页</a> &gt; <a href='/c1/'>要闻</a> &gt; 正文</div>\n"
        f"{main}\n<div class='right'>{frame.side}{box('热点排行', HOT[:3])}</div>\n"
        f"<div class='footer'>{frame.foot}<p>主办：栖河融媒体中心 版权所有 云ICP备00000001号</p></div></body></html>"
    )
