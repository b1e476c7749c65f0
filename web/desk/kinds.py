"""What the form of each kind of channel asks for."""

from dataclasses import dataclass

from domain.subscription import Via
from web.words import Word


@dataclass(frozen=True, slots=True)
class Kind:
    """`example` is an address as it looks; `secret` is what signs, None where nothing does."""

    name: Word
    address: Word
    example: str
    help: Word
    secret: Word | None = None


_ROBOT = Word("机器人地址", "the robot's address")
KINDS = {
    Via.EMAIL: Kind(
        Word("邮件", "e-mail"),
        Word("邮箱", "address"),
        "desk@example.com",
        Word("纯文本与 HTML 各一份，改动处直接可见。", "Plain text and HTML; what changed stands in its place."),
    ),
    Via.DINGTALK: Kind(
        Word("钉钉", "DingTalk"),
        _ROBOT,
        "https://oapi.dingtalk.com/robot/send?access_token=…",
        Word(
            "群设置 → 机器人 → 自定义；安全设置选“加签”。",
            "Group settings, robots, custom; safety: “加签”.",
        ),
        Word("加签密钥 SEC…", "signing secret"),
    ),
    Via.WECOM: Kind(
        Word("企业微信", "WeCom"),
        _ROBOT,
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…",
        Word("群聊 → 添加群机器人 → 复制地址。", "In the group: add a group robot and copy its address."),
    ),
    Via.FEISHU: Kind(
        Word("飞书", "Feishu, Lark"),
        _ROBOT,
        "https://open.feishu.cn/open-apis/bot/v2/hook/…",
        Word("群设置 → 群机器人 → 自定义机器人。", "Group settings, robots, custom robot."),
        Word("签名校验密钥", "signing secret"),
    ),
    Via.WEBHOOK: Kind(
        Word("网络钩子", "webhook"),
        Word("地址", "address"),
        "https://example.com/hooks/tongjian",
        Word("JSON，按 Standard Webhooks 签名。", "JSON, signed as Standard Webhooks says."),
        Word("签名密钥 whsec_…", "signing secret"),
    ),
    Via.APPRISE: Kind(
        Word("其他", "others, by Apprise"),
        Word("Apprise 地址", "Apprise URL"),
        "slack://TokenA/TokenB/TokenC",
        Word("Apprise 认识的任何服务。", "Any service that Apprise knows."),
    ),
}
