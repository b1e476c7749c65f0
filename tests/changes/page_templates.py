"""Eighteen shapes of pages as they are met: platforms, media, governments, mirrors."""

from page_frames import HOT, Frame, Story, Template, body, box, links, shell
from page_stories import ANSWERS, FORMS, HARVEST, MIRROR, NOTICE, POLICY, POSTS, RENEWAL, SOLD, TENDER, TRADE


def jcms(story: Story, frame: Frame) -> str:
    """Hanweb JCMS: everything in tables, the body in #zoom."""
    return shell(
        story,
        frame,
        f"<table width='950' align='center'><tr><td class='title' align='center'>{story.title}</td></tr>"
        f"<tr><td><table><tr><td align='center'>发布日期：{story.published}</td><td>来源：{story.source}</td>"
        f"<td>字号：[ <a>大</a> <a>中</a> <a>小</a> ]</td><td>{frame.publish}</td></tr></table></td></tr>"
        f"<tr><td>{frame.above}</td></tr><tr><td class='bt_content'><div id='zoom'><!--ZJEG_RSS.content.begin-->"
        f"{body(story, frame)}<!--ZJEG_RSS.content.end--></div></td></tr><tr><td>{frame.below}</td></tr></table>",
        site="栖河市商务局",
    )


def trs(story: Story, frame: Frame) -> str:
    """TRS WCM: .TRS_Editor under a bar of tools."""
    return shell(
        story,
        frame,
        f"<div class='article'><h1 class='bt'>{story.title}</h1><div class='xxgk_bar'><span>发布时间：{story.published}"
        f"</span> <span>来源：{story.source}</span> {frame.publish} <span>字体：【大 中 小】</span>"
        f"<a href='javascript:window.print()'>打印</a></div>{frame.above}"
        f"<div class='view TRS_UEDITOR'><div class=TRS_Editor>{body(story, frame)}</div></div>{frame.below}</div>",
        site="栖河市人民政府",
    )


def dedecms(story: Story, frame: Frame) -> str:
    """DedeCMS: .viewbox with small labels in its line."""
    return shell(
        story,
        frame,
        f"<div class='viewbox'><div class='title'><h2>{story.title}</h2></div><div class='info'>"
        f"<small>时间:</small>{story.published}<small> 来源:</small>{story.source}<small> 作者:</small>{story.author} "
        f"{frame.publish}</div>{frame.above}<div class='content'><table width='100%'><tr><td>{body(story, frame)}"
        f"</td></tr></table></div><div class='dede_pages'></div><div class='context'><ul>"
        f"<li>上一篇：<a href='/a/1.html'>{HOT[4]}</a></li><li>下一篇：<a href='/a/3.html'>{HOT[5]}</a></li></ul></div>"
        f"{frame.below}</div>",
    )


def phpcms(story: Story, frame: Frame) -> str:
    """PHPCMS: the line below the headline inside of h1, related articles in #Article."""
    return shell(
        story,
        frame,
        f"<div class='col-left'><div id='Article'><h1>{story.title}<br /><span>{story.published}:00&nbsp;&nbsp;&nbsp;"
        f"来源：{story.source}&nbsp;&nbsp;&nbsp;{frame.publish}</span></h1>{frame.above}"
        f"<div class='content'>{body(story, frame)}</div><div class='related'><h5>延伸阅读：</h5>{links(HOT[:4])}</div>"
        f"{frame.below}</div></div>",
    )


def wordpress(story: Story, frame: Frame) -> str:
    """WordPress: entry-title, entry-meta, entry-content, comments."""
    stamp = story.published.replace(" ", "T") + ":00+08:00"
    return shell(
        story,
        frame,
        f"<article id='post-39' class='post type-post'><header><h1 class='entry-title'>{story.title}</h1>"
        f"<div class='entry-meta'><time class='entry-date' datetime='{stamp}'>{story.day}</time>"
        f"<span class='author'>{story.author}</span> {frame.publish}</div></header>{frame.above}"
        f"<div class='entry-content'>{body(story, frame, indent='')}</div>"
        f"<footer><div class='post-tags'>标签：<a href='/tag/a'>民生</a> <a href='/tag/b'>栖河</a></div>"
        f"{frame.below}</footer></article><div id='comments'><h3>发表评论</h3></div>",
        site="栖河头条",
    )


def media(story: Story, frame: Frame) -> str:
    """A news site whose hot lists stand in the article's own container, before and behind the editor's line."""
    return shell(
        story,
        frame,
        f"<div class='main'><div class='content'><h1>{story.title}</h1><div class='laiyuan'>"
        f"{story.published} &nbsp;来源：{story.source} &nbsp;作者：{story.author} {frame.publish}</div>{frame.above}"
        f"{body(story, frame)}<p class='bianji'>责任编辑：{story.editor}</p>"
        f"<div class='xgyd'><h4>相关阅读</h4>{links(HOT[:3])}</div>{frame.below}"
        f"<div class='hot'><h4>热门推荐</h4>{links(HOT, dated=True)}</div></div></div>",
    )


def soup(story: Story, frame: Frame) -> str:
    """Divs without a name."""
    return shell(
        story,
        frame,
        f"<div><div><div><div>{story.title}</div><div><div>{story.published}</div><div>来源：{story.source}</div>"
        f"<div>{frame.publish}</div></div><div>{frame.above}</div><div>{body(story, frame, 'div', '')}</div>"
        f"<div>{frame.below}</div></div></div></div>",
    )


def govmeta(story: Story, frame: Frame) -> str:
    """A government document under a table of its metadata."""
    return shell(
        story,
        frame,
        f"<div class='xxgk'><table class='xxgk-table' border='1'><tr><td>索引号：</td>"
        f"<td>00{len(story.title)}/2024-00123</td>"
        f"<td>主题分类：</td><td>综合政务</td></tr><tr><td>发布机构：</td><td>{story.agency}</td><td>发文日期：</td>"
        f"<td>{story.day}</td></tr><tr><td>标题：</td><td colspan='3'>{story.title}</td></tr><tr><td>发文字号：</td>"
        f"<td>{story.number}</td><td>有效性：</td><td>有效</td></tr></table><h1>{story.title}</h1>"
        f"<div class='info'>发布时间：{story.published} 来源：{story.source} {frame.publish}</div>{frame.above}"
        f"<div class='xxgk-content' id='UCAP-CONTENT'>{body(story, frame)}</div>{frame.below}</div>",
        site="栖河市人民政府",
    )


def tabled(story: Story, frame: Frame) -> str:
    """A table of figures in the middle of the body."""
    table = (
        "<table border='1'><tr><th>类别</th><th>总值</th><th>同比</th></tr><tr><td>一般贸易</td><td>56.2亿元</td>"
        "<td>8.1%</td></tr><tr><td>加工贸易</td><td>12.7亿元</td><td>-3.4%</td></tr><tr><td>保税物流</td>"
        "<td>5.9亿元</td><td>21.0%</td></tr></table>"
    )
    return trs(story, frame).replace(story.paras[-1], f"{story.paras[-1]}</p>{table}<p>", 1)


def listed(story: Story, frame: Frame) -> str:
    """The body's points as an ordered list."""
    points = "".join(f"<li>{text}</li>" for text in story.paras[1:])
    return shell(
        story,
        frame,
        f"<div class='detail'><h1>{story.title}</h1>"
        f"<p class='date'>{story.published}　来源：{story.source} {frame.publish}"
        f"</p>{frame.above}<div class='detail-con'><p>{story.paras[0]}</p><ol>{points}"
        f"</ol>{frame.between}{frame.end}</div>"
        f"{frame.below}</div>",
    )


def authors(story: Story, frame: Frame) -> str:
    """Many authors in one line, credits in brackets at the end."""
    return shell(
        story,
        frame,
        f"<div class='newsbox'><h1 class='newstitle'>{story.title}</h1><div class='newsinfo'>"
        f"<span>{story.published}</span>"
        f"<span>来源：{story.source}</span><span>作者：{story.author} 沈知秋 罗大川 魏如兰 {frame.publish}</span></div>"
        f"{frame.above}<div class='newscontent'>{body(story, frame)}<p>（编辑：{story.editor}）</p>"
        f"</div>{frame.below}</div>",
    )


def gbk(story: Story, frame: Frame) -> str:
    """An old page of font tags and breaks; its bytes are GBK and it says gb2312."""
    text = "<br><br>\n".join(f"&nbsp;&nbsp;&nbsp;&nbsp;{para}" for para in story.paras[:2])
    rest = "<br><br>\n".join(f"&nbsp;&nbsp;&nbsp;&nbsp;{para}" for para in story.paras[2:])
    return shell(
        story,
        frame,
        f"<table><tr><td align=center><font size=5><b>{story.title}</b></font></td></tr><tr><td align=center>"
        f"{story.published}　来源：{story.source} {frame.publish}</td></tr><tr><td>{frame.above}</td></tr>"
        f"<tr><td class=content><font size=3>{text}<br><br>{frame.between}{rest}{frame.end}</font></td></tr>"
        f"<tr><td>{frame.below}</td></tr></table>",
        charset="gb2312",
    )


def mirror(story: Story, frame: Frame) -> str:
    """A mirror in traditional characters, a reading behind many of them."""
    readings = {
        "舉": "jǔ",
        "傳": "chuán",
        "藝": "yì",
        "覽": "lǎn",
        "會": "huì",
        "廣": "guǎng",
        "開": "kāi",
        "來": "lái",
    }
    paras = tuple("".join(f"{sign}({readings[sign]})" if sign in readings else sign for sign in p) for p in story.paras)
    return trs(Story(story.title, paras, story.source), frame)


def notice(story: Story, frame: Frame) -> str:
    """One paragraph, little around it."""
    return shell(
        story,
        frame,
        f"<div class='con'><h2 class='con-t'>{story.title}</h2>"
        f"<div class='con-i'>日期：{story.published} 来源：{story.source} "
        f"{frame.publish}</div>{frame.above}<div class='con-c'>{body(story, frame)}</div>{frame.below}</div>",
    )


def filed(story: Story, frame: Frame) -> str:
    """A government notice with its files in a box of their own below."""
    files = "".join(f"<li><a href='{href}' title='{name}'>{name}</a></li>" for href, name in story.files)
    attached = f"<div class='fujian'><p>附件：</p><ul>{files}</ul></div>" if files else ""
    bare = Story(story.title, story.paras, story.source, published=story.published)
    return shell(
        story,
        frame,
        f"<div class='gknr'><h1>{story.title}</h1><div class='gkinfo'>日期：{story.published} 来源：{story.source} "
        f"{frame.publish}</div>{frame.above}<div class='gkcontent'>{body(bare, frame)}"
        f"{attached}</div>{frame.below}</div>",
    )


def columns(story: Story, frame: Frame) -> str:
    """Founder's newspaper pages: headline, a byline, the text in founder-content."""
    return shell(
        story,
        frame,
        f"<div class='left'><founder-title><h1>{story.title}</h1></founder-title><div class='info'><span class='time'>"
        f"{story.published}</span><span>来源：{story.source}</span>{frame.publish}</div>{frame.above}<!--enpcontent-->"
        f"<founder-content>{body(story, frame)}</founder-content><!--/enpcontent-->{frame.below}</div>",
    )


def mobile(story: Story, frame: Frame) -> str:
    """A page made for phones: sections, no table, tools at the bottom."""
    return shell(
        story,
        frame,
        f"<section class='detail-wrap'><header><h1>{story.title}</h1><p><em>{story.source}</em><i>{story.published}</i>"
        f"{frame.publish}</p></header>{frame.above}<section class='detail-txt'>{body(story, frame, indent='')}"
        f"</section>"
        f"{frame.below}{box('猜你喜欢', HOT[:4], 'guess')}</section>",
    )


def ueditor(story: Story, frame: Frame) -> str:
    """A college's page: VSB's v_news_content with spans in every paragraph."""
    inner = body(story, frame).replace("<p>", "<p style='line-height:2em'><span style='font-family:仿宋'>")
    return shell(
        story,
        frame,
        f"<form name='_newscontent_fromname'><h1 align='center'>{story.title}</h1>"
        f"<div align='center'>时间：{story.published}"
        f"　来源：{story.source}　{frame.publish}</div>{frame.above}<div id='vsb_content'><div class='v_news_content'>"
        f"{inner}</div></div>{frame.below}</form>",
    )


TEMPLATES: dict[str, tuple[Template, Story]] = {
    "jcms": (jcms, TRADE),
    "trs": (trs, RENEWAL),
    "dedecms": (dedecms, HARVEST),
    "phpcms": (phpcms, RENEWAL),
    "wordpress": (wordpress, HARVEST),
    "media": (media, RENEWAL),
    "soup": (soup, SOLD),
    "govmeta": (govmeta, POLICY),
    "tabled": (tabled, SOLD),
    "listed": (listed, RENEWAL),
    "authors": (authors, HARVEST),
    "gbk": (gbk, RENEWAL),
    "mirror": (mirror, MIRROR),
    "notice": (notice, NOTICE),
    "filed": (filed, FORMS),
    "columns": (columns, TENDER),
    "mobile": (mobile, ANSWERS),
    "ueditor": (ueditor, POSTS),
}
"""By name: how a page is made, and the story that is told with it where a pair brings none."""
