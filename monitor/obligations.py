"""Words that bind, and words that turn a sentence round: 应当 to 可以, 禁止 to 限制, 增加 to 减少.

The list follows the drafting norms of the Standing Committee of the National People's Congress
(立法技术规范(试行)(一), 2009: 应当, 必须, 不得, 禁止, 可以) and the words official notices add to them.
"""

import re
from collections import Counter

_BINDING = (
    "应当",
    "必须",
    "务必",
    "不得",
    "不应",
    "不能",
    "不准",
    "不许",
    "严禁",
    "禁止",
    "限制",
    "可以",
    "不可",
    "有权",
    "无权",
    "允许",
    "准许",
    "原则上",
    "一律",
    "鼓励",
    "提倡",
    "支持",
    "引导",
    "自愿",
    "强制",
    "免于",
    "免除",
    "豁免",
    "暂停",
    "停止",
    "取消",
    "恢复",
    "负责",
    "配合",
    "尽量",
    "酌情",
)
_SHORT = (
    r"(?<![相反对适响效感供回])应(?![用对急届有该运变收付邀聘试验战力激])"
    r"|(?<!仅)须(?!知)|可(?![能见靠持行观视谓喜惜怕爱以])"
)
_BINDS = re.compile("|".join((*_BINDING, _SHORT)))
_TURNS = re.compile(
    "增加|减少|增长|下降|上升|提高|降低|上涨|下跌|上调|下调|扩大|缩小|加快|放缓|高于|低于|超过|不足|以上|以下|"
    "至少|至多|不少于|不超过|不低于|不高于|之前|之后|同意|不同意|通过|未通过|批准|不予|合格|不合格|盈利|亏损|顺差|逆差"
)
_NOT = re.compile(r"[不未无没非](?![同断仅但过是得少论管时久锈钢妨])")


def obligations(text: str) -> Counter[str]:
    """The words that bind, each with how often it stands there."""
    return Counter(_BINDS.findall(text))


def directions(text: str) -> Counter[str]:
    """The words that say which way: 增加, 以上, and every bare negation."""
    return Counter(_TURNS.findall(text)) + Counter(_NOT.findall(_TURNS.sub("", _BINDS.sub("", text))))
