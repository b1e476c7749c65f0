"""Lines that belong to the page and not to the article: tools, counters, neighbours, notices.

Each rule names wordings seen on real pages; a rule must match from the line's beginning. Texts are given as
parsers.plain has them: simplified, so that one rule serves both scripts.
"""

import re
from functools import lru_cache

from parsers import counters

_BREADCRUMB = re.compile(
    r"(?:您(?:现在)?的?(?:当前)?位置|您所在的?位置|你的位置|当前(?:所在)?位置|所在位置|现在位置|位置)(?:是|为)?\s*(?:[:：]|$|首页|>)"
    r"|首页\s*[>＞»›/|\-—]"
)
_COUNTS = r"浏览(?:次数|量)?|阅读(?:次数|量|数)?|点击(?:次数|率|量|数)?|访问(?:量|次数)|人气"
_WORDS = r"""
字号 字体(?:大小)? 分享(?:到|至)? 打印(?:本[页文])? 收藏(?:本[页文])? 关闭(?:窗口|本页|页面)?
我要(?:评论|纠错|打印|投稿) 网友评论 发表评论 评论 参与互动 返回(?:顶部|首页|列表|上一页) 二维码 点赞 转发
复制链接 微信 微博 QQ空间 责编 视力保护色 默认 超大 [大中小特] 保存 推荐(?:给朋友)? 手机看新闻 上一[篇页条]
下一[篇页条] 字级(?:设定)? 调整字体 [友善]*列印 转寄 留言(?:板)? 网友回应 推文 引用 纠错 举报 我要反馈
我来说两句 发送给朋友 打印本稿 返回页首 加入收藏 设为首页 一键转发 第\d+页[/／]共\d+页 按热度 按时间
暂无评论 正在加载 加载中 自动播放(?:开关)? 展开全文 阅读全文 阅读原文 点击(?:查看|阅读)(?:更多|全文|原文)
fonts?\ssize printer-friendly 关注 更多 赞 踩 顶 喜欢 收起 展开 关注我们 播放 全屏 暂停 广告位?
"""
_CONTROLS = "|".join(_WORDS.split())
_JUNK = r"[\s\d+\-:：︰\[\]【】()（）|/,，.、A万次>»＞<《》·…]*"
_TOOLS = re.compile(
    rf"{_JUNK}(?:(?:{_COUNTS}|{_CONTROLS}){_JUNK})+$"
    r"|.{0,20}?\d[\d,.万+]*\s*[次人个]?\s*(?:浏览|阅读|点击|评论|点赞|围观|访问)$"
    r"|(?:扫一扫|扫码(?:下载|关注|阅读))[^，,。]{0,16}$"
    r"|[【\[\s|｜«‹<·•]*[上下前后]一[篇页条][】\]]?\s*[:：]"
    r"|[<«‹\[]*\s*\d{1,3}(?:\s+\d{1,3})+\s*[>»›\]]+\s*$"
    r"|(?:关键[词字]|标签|热词|热搜|tags?)\s*[:：].{0,100}$",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"[\s【\[「《■●◆▲►>·|]*(?:"
    r"相关(?:新闻|阅读|链接|报道|专题|推荐|文章|稿件|信息|文档|图片|内容|资讯|视频)|延伸阅读|推荐阅读|猜你喜欢|为[您你]推荐|[大家你其他人]+[都也在可能还会想]+看"
    r"|更多(?:新闻|精彩|相关|阅读).{0,8}|.{0,4}其他.{0,6}新闻|.{0,6}最多[浏阅]览?|我的推荐|相关热词|为您精选|精选推荐|最新推荐|新闻推荐"
    r"|热门(?:推荐|评论|新闻|文章|排行)|热点(?:新闻|推荐|排行)|最新(?:评论|新闻|文章|推荐)|精彩(?:推荐|图集)"
    r"|(?:新闻|点击|阅读|评论)排行榜?|图片新闻|(?:编辑|今日|新闻|频道)推荐"
    r"|网友评论|发表评论|评论区|全部评论"
    r"|版权(?:声明|所有|与免责声明).{0,4}|.{0,12}版权与免责声明|免责声明|特别声明|凡本[网站].{0,80}|本[网站](?:声明|所有).{0,40}"
    r")\s*[】\]」》:：]*\s*(?:更多)?[>＞»]*$"
)
_NOTICE = re.compile(
    r"想爆料[?？]|【?(?:免责|版权|特别|郑重|严正)[声申]明】?\s*[:：]?.{4,}"
    r"|.{0,6}新闻热线\s*[:：]|.{0,10}(?:违法和)?不良信息举报|.{0,8}举报(?:邮箱|电话)"
    r"|(?:版权(?:所有|声明)|免责声明|特别声明|郑重声明|声明)\s*[:：]|未经.{0,12}(?:授权|许可|同意).{0,20}(?:转载|使用)"
    r"|.{0,16}(?:专稿|稿件).{0,6}未经.{0,8}(?:授权|许可)|[(（]?.{0,16}未经.{0,4}(?:授权|许可|同意).{0,6}(?:不得|请勿|严禁|禁止|谢绝)转载"
    r"|本文(?:仅|只)?代表作者|本文(?:仅|所)?.{0,12}(?:不构成|仅供).{0,10}(?:建议|参考)"
    r"|以上内容.{0,20}不代表|如.{0,6}版权.{0,6}(?:异议|问题)|(?:\d[、.．]\s*)?凡本[网站]|本网站?(?:注明|转载)"
    r"|copyright|©|主办单位|承办单位|技术支持|.{0,6}网站标识码|.{0,40}(?:ICP备|公网安备)|.{0,12}许可证(?:编?号)?\s*[:：]?\d"
    r"|.{0,60}(?:facebook|脸书|粉丝团|google ?plus).{0,80}(?:专页|粉丝团|like|follow|分享)"
    r"|(?:点击)?下载.{0,12}客户端|安装.{2,16}客户端|打开.{2,12}查看更多|没看够[!！]?|下载.{1,10}(?:客户端|APP)|关注.{1,16}公众号$",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"(?:请|欢迎)?\s*(?:(?:微信)?(?:扫码|扫一扫|扫描|长按|识别).{0,16}(?:二维码|公众号|微信|关注|下载|观看|查看|收看)"
    r"|关注.{0,16}(?:微信)?公众号).{0,24}$"
)
_PLAYER = re.compile(r"点击(?:观看|查看|播放).{0,6}视频$|.{0,6}视频加载中.{0,4}$")


@lru_cache(maxsize=4096)
def is_breadcrumb(text: str) -> bool:
    """当前位置: 首页 > 新闻 and its like."""
    return len(text) <= 120 and _BREADCRUMB.match(text) is not None


@lru_cache(maxsize=4096)
def is_tool(text: str) -> bool:
    """A line of controls or a counter: 字号 大 中 小, 浏览次数:12, 上一篇:…"""
    return len(text) <= 120 and (_TOOLS.match(text) is not None or counters.is_counter(text))


@lru_cache(maxsize=4096)
def is_cut(text: str) -> bool:
    """A heading after which nothing of the article comes: 相关新闻, 热门推荐, 版权声明."""
    return len(text) <= 100 and _CUT.match(text) is not None


@lru_cache(maxsize=4096)
def is_code(text: str) -> bool:
    """A call to scan a code or follow an account: 扫码下载客户端. One in brackets is a picture's caption, and stays."""
    return len(text) <= 60 and _CODE.match(text) is not None


@lru_cache(maxsize=4096)
def is_notice(text: str) -> bool:
    """Copyright, hotlines, licences, calls to install something."""
    return len(text) <= 400 and _NOTICE.match(text) is not None


def is_furniture(text: str) -> bool:
    """Any line that is no part of an article when it stands at its edge."""
    return any(rule(text) for rule in (is_breadcrumb, is_tool, is_cut, is_notice, is_code)) or bool(_PLAYER.match(text))
