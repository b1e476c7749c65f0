"""The ways to tell somebody: webhooks, e-mail, robots of group chats, and what Apprise knows."""

from alerts.channels.base import Away, Channel, Channels, Closed, Gone, Limits, Refused, Target
from alerts.guard import Guard
from domain.settings import Settings
from domain.subscription import Via

__all__ = ["Away", "Channel", "Channels", "Closed", "Gone", "Limits", "Refused", "Target", "channels"]


def channels(settings: Settings) -> Channels:
    """The channels as the settings have them. Raises ConfigurationError where TONGJIAN_WEBHOOK_ALLOW or
    TONGJIAN_CONNECT_TO is wrong."""
    from alerts.channels.apprise import Apprise
    from alerts.channels.dingtalk import DingTalk
    from alerts.channels.feishu import Feishu
    from alerts.channels.mail import Mail
    from alerts.channels.webhook import Webhook
    from alerts.channels.wecom import WeCom

    guard = Guard.of(settings)
    return {
        Via.WEBHOOK: Webhook(guard),
        Via.EMAIL: Mail(settings.smtp, settings.mail_from, settings.smtp_password_file),
        Via.DINGTALK: DingTalk(guard),
        Via.WECOM: WeCom(guard),
        Via.FEISHU: Feishu(guard),
        Via.APPRISE: Apprise(settings.webhook_allow, settings.connect_to),
    }
