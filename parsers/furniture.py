"""Lines that belong to the page and not to the article: tools, counters, neighbours, notices."""

import re

_COLON = "[:：]"
_BREADCRUMB = re.compile(rf"^(?:您(?:现在)?的?(?:当前)?位置|您所在的?位置|你的位置|当前(?:所在)?位置|所在位置|现在位置|位置)(?:是|为)?\s*(?:{_COLON}|$|首页|>)|^首页\s*[>＞»›/|\-—]")
_TOOLS = re.compile(
    rf"^[【\[(（\s]*(?:字号|字体(?:大小)?|分享(?:到|至)?|打印(?:本[页文])?|收藏(?:本[页文])?|关闭(?:窗口|本页)?|我要(?:评论|纠错|打印|投稿)|网友评论|发表评论|参与互动|"
    rf"返回(?:顶部|首页|列表|上一页)|扫一扫.{{0,24}}|扫码(?:下载|关注|阅读).{{0,12}}|二维码|点赞|转发|复制链接|微信|微博|责编|视力保护色|大|中|小|保存|推荐给朋友|手机看新闻|"
    rf"上一[篇页条]|下一[篇页条]|浏览次数|浏览量|浏览|阅读(?:次数|量|数)?|点击(?:次数|率|量|数)?|访问(?:量|次数)|人气)[\s\d+\-:：】\])）|/大中小放缩A次]*$"
)
_NEIGHBOUR = re.compile(rf"^[【\[]?(?:上一[篇页条]|下一[篇页条]|前一[篇页条]|后一[篇页条])[】\]]?\s*{_COLON}")
_COUNTER = re.compile(rf"^(?:浏览(?:次数|量)?|阅读(?:次数|量|数)?|点击(?:次数|率|量|数)?|访问(?:量|次数)|人气)\s*{_COLON}?\s*[\d,万+]*\s*次?$")
_CUT = re.compile(
    rf"^[\s【\[「《■●◆▲►>·|]*(?:相关(?:新闻|阅读|链接|报道|专题|推荐|文章|稿件|信息|文档|附件下载)|延伸阅读|推荐阅读|热门(?:推荐|评论|新闻|文章|排行)|热点(?:新闻|推荐|排行)|最新(?:评论|新闻|文章|推荐)"
    rf"|精彩(?:推荐|图集)|更多(?:新闻|精彩|相关).{{0,8}}|猜你喜欢|为您推荐|大家都在看|新闻排行(?:榜)?|点击排行(?:榜)?|图片新闻|版权(?:声明|所有|与免责声明).{{0,4}}|免责声明|网友评论|发表评论|评论区|全部评论|编辑推荐|今日推荐|新闻推荐|频道推荐"
    rf"|.{{0,12}}版权与免责声明|特别声明|凡本[网站].{{0,80}}|本(?:网|站)(?:声明|所有).{{0,40}})\s*[】\]」》:：]*\s*(?:更多)?[>＞»]*$"
)
_NOTICE = re.compile(
    r"^(?:想爆料[?？]|(?:版权(?:所有|声明)|免责声明|特别声明|郑重声明|声明)\s*[:：]|未经.{0,12}(?:授权|许可|同意).{0,20}(?:转载|使用)|本文仅代表作者|以上内容.{0,20}不代表|.{0,10}(?:违法和)?不良信息举报|.{0,8}举报(?:邮箱|电话)"
    r"|.{0,6}新闻热线\s*[:：]|.{0,12}(?:ICP备|公网安备)|copyright|©|主办单位|承办单位|技术支持|.{0,6}网站标识码|.{0,12}许可证(?:编?号)?\s*[:：]?\d"
    r"|如.{0,6}版权.{0,6}(?:异议|问题)|凡本(?:网|站)|\d[、.．]\s*凡本(?:网|站)|本网(?:站)?(?:注明|转载)|打开.{2,12}查看更多|没看够[!！]?|下载.{1,10}(?:客户端|APP)|关注.{1,16}公众号$)",
    re.IGNORECASE,
)
_PARTS = re.compile(r"^(?:点击(?:观看|查看|播放).{0,6}视频|.{0,6}视频加载中.{0,4})$")


def is_breadcrumb(text: str) -> bool:
    """当前位置: 首页 > 新闻 and its like."""
    return len(text) <= 120 and _BREADCRUMB.search(text) is not None


def is_tool(text: str) -> bool:
    """A line of controls or a counter: 字号 大 中 小, 浏览次数:12, 上一篇:…"""
    if len(text) > 120:
        return False
    return any(rule.search(text) for rule in (_TOOLS, _NEIGHBOUR, _COUNTER))


def is_cut(text: str) -> bool:
    """A heading after which nothing of the article comes: 相关新闻, 热门推荐, 版权声明."""
    return len(text) <= 100 and _CUT.search(text) is not None


def is_notice(text: str) -> bool:
    """Copyright, hotlines, licences, calls to install something."""
    return len(text) <= 400 and _NOTICE.search(text) is not None


def is_furniture(text: str) -> bool:
    """Any line that is no part of an article when it stands at its edge."""
    return is_breadcrumb(text) or is_tool(text) or is_cut(text) or is_notice(text) or bool(_PARTS.search(text))
