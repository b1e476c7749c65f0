"""Labelled noise: what stands around an article, before and after. None of it is a change.

A row is a name, a place in a page's frame (see page_frames.Frame) and the mark-up there the first and the second
time. Every row is put into every template, a counter into some by turns.
"""

from page_frames import HOT, box, links

OTHERS = (
    "栖河港集装箱码头扩建",
    "全市森林防火形势平稳",
    "非遗集市本周六开集",
    "新能源公交车上线运营",
    "城区井盖集中整治",
)
TURNED = HOT[3:] + HOT[:3]

COUNTERS = (
    ("views in brackets", "浏览次数：[{n}]"),
    ("views", "浏览次数：{n}"),
    ("views times", "浏览次数：{n}次"),
    ("views short", "浏览：{n}"),
    ("views amount", "浏览量：{n}"),
    ("reads", "阅读 {n}"),
    ("reads ten thousands", "阅读 {m}万"),
    ("reads amount", "阅读量：{m}万+"),
    ("clicks", "点击：{n}"),
    ("clicks times", "点击数：{n}次"),
    ("clicked", "已点击{n}次"),
    ("people have looked", "已有{n}人浏览"),
    ("people read", "{n}人阅读"),
    ("visits", "访问量：{n}"),
    ("visited times", "本文已被访问{n}次"),
    ("this page's visits", "本页访问次数：{n}"),
    ("popularity", "人气：{n}"),
    ("heat", "热度：{n}"),
    ("looked around", "{n}人围观"),
    ("comments", "评论：{n}"),
    ("comments in brackets", "评论({n})"),
    ("likes", "点赞 {n}"),
    ("english", "Views: {n}"),
    ("spelt traditional", "瀏覽次數：{n}"),
    ("looked through", "查看：{n}次"),
    ("took part", "{n}人参与评论"),
    ("collected", "收藏（{n}）"),
    ("split by blanks", "浏览 次数 ： {n}"),
    ("eye icon", "<i class='icon-eye'></i>{n}"),
)
COUNTER_PLACES = {
    "publish": "<span class='cs'>{}</span>",
    "above": "<div class='cs'>{}</div>",
    "end": "<p style='text-align:right'>{}</p>",
    "below": "<div class='cs'>{}</div>",
}
COUNTS = (("7", "1.2"), ("10458", "3.7"))


def _counted(text: str, count: tuple[str, str]) -> str:
    return text.replace("{n}", count[0]).replace("{m}", count[1])


COUNTER_ROWS = tuple(
    (f"{name} in {place}", place, *(wrap.format(_counted(text, count)) for count in COUNTS))
    for name, text in COUNTERS
    for place, wrap in COUNTER_PLACES.items()
    # A bare number between a text and its attachments may be anything: that one is for the learned masks.
    if (name, place) != ("eye icon", "end")
)

_AD = (
    "<div class='ad'><a href='http://ads.example/c?id={}'>"
    "<img src='http://ads.example/{}.gif' width='640' height='90'></a></div>"
)
_WEATHER = "<div class='weather'>栖河市 {} 气温 {} 东南风{}级</div>"
_SHARE = "<div class='bdsharebuttonbox'><a>分享到：</a><a title='微信'>微信</a><a>微博</a><a>QQ空间</a>{}</div>"
_QR = "<div class='qrcode'><img src='/qr.php?t={}' width='120'><p>{}</p></div>"

OTHER_ROWS: tuple[tuple[str, str, str, str], ...] = (
    ("today in the masthead", "masthead", "今天是2024年5月7日 星期二", "今天是2024年5月8日 星期三"),
    ("clock in the masthead", "masthead", "<span id='clock'>10:21:07</span>", "<span id='clock'>23:02:59</span>"),
    ("lunar date", "masthead", "2024年5月7日 农历三月廿九", "2024年5月8日 农历四月初一"),
    ("weather in the masthead", "masthead", _WEATHER.format("晴", "12℃~24℃", 3), _WEATHER.format("小雨", "9℃~15℃", 5)),
    ("login greeting", "masthead", "您好，请<a href='/login'>登录</a>", "您好，游客8842，请<a href='/login'>登录</a>"),
    ("online count", "masthead", "当前在线：31人", "当前在线：2047人"),
    ("urgent banner", "masthead", "", "<a href='/zt/fx/'>【专题】防汛抗旱在行动</a>"),
    ("csrf token", "head", "<meta name='csrf-token' content='aB1'>", "<meta name='csrf-token' content='zQ9xx'>"),
    ("script in the head", "head", "<script>var t=1714960000;</script>", "<script>var t=1715049999;var u='x'</script>"),
    ("style sheet", "head", "<style>.a1{color:red}</style>", "<style>.b7{color:#333}</style>"),
    ("generator", "head", "<meta name='generator' content='CMS 5.1'>", "<meta name='generator' content='CMS 6.0'>"),
    (
        "update stamp",
        "head",
        "<meta name='updatetime' content='1714960000'>",
        "<meta name='updatetime' content='1715'>",
    ),
    ("server's remark", "foot", "<!-- 0.0132s web03 -->", "<!-- 0.2411s web01 -->"),
    ("page built at", "foot", "<p>页面生成时间：2024-05-07 10:00:01</p>", "<p>页面生成时间：2024-05-09 03:14:15</p>"),
    ("visits at the foot", "foot", "<p>您是第1052331位访客</p>", "<p>您是第1099876位访客</p>"),
    ("copyright year", "foot", "<p>Copyright 2008-2024</p>", "<p>Copyright 2008-2025</p>"),
    ("hidden token", "foot", "<input type='hidden' value='a9f'>", "<input type='hidden' value='77c01'>"),
    ("hot list beside, changed", "side", box("热门推荐"), box("热门推荐", OTHERS)),
    ("hot list beside, turned", "side", box("点击排行"), box("点击排行", TURNED)),
    ("hot list beside, with times", "side", box("最新文章", dated=True), box("最新文章", OTHERS, dated=True)),
    ("poll", "side", "<div>您对本站的评价：满意 31票 一般 5票</div>", "<div>您对本站的评价：满意 98票 一般 6票</div>"),
    ("related below, changed", "below", box("相关新闻"), box("相关新闻", OTHERS)),
    ("related below, turned", "below", box("相关阅读"), box("相关阅读", TURNED)),
    ("related below, appears", "below", "", box("延伸阅读", OTHERS)),
    ("guess below", "below", box("猜你喜欢", HOT[:2]), box("猜你喜欢", OTHERS[:2])),
    ("unheaded list below", "below", box(""), box("", OTHERS)),
    ("hot list below, with times", "below", box("热门推荐", dated=True), box("热门推荐", OTHERS, dated=True)),
    ("related of one", "below", box("相关链接", HOT[:1]), box("相关链接", OTHERS[:1])),
    ("related inside, changed", "end", box("相关新闻"), box("相关新闻", OTHERS)),
    ("related inside, appears", "end", "", box("推荐阅读", OTHERS)),
    ("unheaded list inside", "end", box(""), box("", OTHERS)),
    ("list named by its class inside", "end", box("", HOT, "related-list"), box("", OTHERS, "related-list")),
    ("related between paragraphs, changed", "between", box("相关阅读", HOT[:3]), box("相关阅读", OTHERS[:3])),
    ("related between paragraphs, appears", "between", "", box("延伸阅读", HOT[:4])),
    ("hot list inside without its heading's word", "end", box("大家都在看"), box("大家都在看", OTHERS)),
    ("hot words", "below", "<div>热词：<a href='/k/1'>高考</a></div>", "<div>热词：<a href='/k/2'>防汛</a></div>"),
    (
        "neighbours",
        "below",
        f"<p>上一篇：<a href='/1.html'>{HOT[0]}</a></p><p>下一篇：没有了</p>",
        f"<p>上一篇：<a href='/1.html'>{HOT[0]}</a></p><p>下一篇：<a href='/9.html'>{OTHERS[0]}</a></p>",
    ),
    (
        "neighbours inside",
        "end",
        f"<p>上一条：<a href='/1.html'>{HOT[2]}</a></p><p>下一条：无</p>",
        f"<p>上一条：<a href='/1.html'>{HOT[1]}</a></p><p>下一条：<a href='/9.html'>{OTHERS[3]}</a></p>",
    ),
    (
        "neighbours on a line",
        "below",
        "<div>« 上一篇：没有了 | 下一篇：没有了 »</div>",
        f"<div>« 上一篇：没有了 | 下一篇：<a href='/9.html'>{OTHERS[3]}</a> »</div>",
    ),
    ("advertisement between", "between", _AD.format(1, "a"), _AD.format(2, "b")),
    ("advertisement comes", "between", "", _AD.format(2, "b")),
    ("advertisement of words", "between", "<div class='adbox'>广告</div>", "<div class='adbox'></div>"),
    ("frame of advertisements", "between", "<iframe src='/ad/1.html'></iframe>", "<iframe src='/ad/2.html'></iframe>"),
    ("script between", "between", "<script>show(1)</script>", "<script>show(2);go('2300万元')</script>"),
    ("remark between", "between", "<!-- slot 4 -->", "<!-- slot 5 广告位 -->"),
    ("advertisement below", "below", _AD.format(3, "c"), _AD.format(4, "d")),
    ("share tools", "below", _SHARE.format(""), _SHARE.format("<a>0</a><a>12</a>")),
    ("share tools above", "above", _SHARE.format(""), _SHARE.format("<a>复制链接</a>")),
    ("code to scan", "below", _QR.format(1, "扫一扫在手机打开当前页"), _QR.format(2, "扫一扫在手机打开当前页")),
    ("code to scan comes", "end", "", _QR.format(2, "扫码下载客户端")),
    ("like button", "below", "<div>赞(3) 踩(0)</div>", "<div>赞(45) 踩(2)</div>"),
    ("comments' count", "below", "<div>网友评论(0)</div>", "<div>网友评论(31)</div>"),
    (
        "a comment",
        "below",
        "<div id='comments'><h4>最新评论</h4><p>暂无评论</p></div>",
        "<div id='comments'><h4>最新评论</h4><p>网友甲：支持！2024-05-07 10:11</p></div>",
    ),
    ("session in links", "side", links(token="?sid=aa1"), links(token="?sid=bb2")),
    ("session in path", "side", links(token=";jsessionid=AA1"), links(token=";jsessionid=BB2")),
    ("reading time", "publish", "<span>阅读约3分钟</span>", "<span>阅读约4分钟</span>"),
    ("dynamic age", "publish", "<span>3小时前</span>", "<span>2天前</span>"),
    ("reload prompt", "foot", "<div>页面加载中…</div>", "<div>页面加载完成</div>"),
)
ROWS = (*COUNTER_ROWS, *OTHER_ROWS)
