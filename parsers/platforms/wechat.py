"""微信公众号 articles, mp.weixin.qq.com/s/…"""

from parsers.declare import blocks, date, names, one, variable
from parsers.platforms.platform import Marks, Platform


class WeChat(Platform):
    """`#js_content` is hidden by its style until a script shows it; the time stands in a script alone, as
    `var ct = "<seconds>"` or `var createTime = '2024-05-06 07:08'`, and `#publish_time` is empty or says 昨天.
    As seen on saved pages of 2020 and in public readers of 2025."""

    marks = Marks(names=frozenset(("#activity-name", "#js_article", "#js_name")))
    title = one("#activity-name", optional=True)
    published = date(variable("ct"), variable("createTime"), variable("oriCreateTime"), optional=True)
    source = one("#js_name", variable("nickname"), optional=True)
    authors = names("#js_author_name", optional=True)
    body = blocks("#js_content", drop=("mpvoice", "mp-common-profile", ".js_uneditable"), optional=True)
