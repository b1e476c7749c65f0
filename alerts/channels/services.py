"""The services that Apprise may carry messages to: an allow-list, by what their plugins can do.

All of them make requests over HTTP and no more; alerts.channels.outside holds them to that. Left out is what reaches
into this machine (desktops, syslog, D-Bus, serial devices), what speaks over sockets of its own (MQTT, AMQP, IRC, XMPP,
SMPP, APRS, syslog over UDP), what reads key files that an address names (FCM, Vapid), what we have a channel of our own
for, and services for text messages, that charge for each. tests/alerts/test_channels_apprise.py holds the list against
the plugins themselves.
"""

# The service has one host of its own, which no address can change.
_FIXED = """
bluesky bsky chanify cliq discord dot flock gchat github groupme guilded ifttt ilert incidentio jira join kook line
notifiarr onesignal opsgenie pagerduty pagertree pbul pover prowl psafer push pushme pushplus pushward pushy qq resend
revolt ringc ryver schan sendgrid signl4 slack spike splunk spugpush squadcast stackfield tgram threema twist webex
wpush wxpusher wxteams zoom zulip
"""
# The subscriber names the host. Plain and over TLS.
_HOSTED = """
bark barks gotify gotifys hassio hassios humhub humhubs mastodon mastodons matrix matrixs misskey misskeys mmost mmosts
ncloud nclouds nctalk nctalks ntfy ntfys onebot onebots pushdeer pushdeers rocket rockets signal signals synology
synologys workflow workflows
"""
FIXED, HOSTED = frozenset(_FIXED.split()), frozenset(_HOSTED.split())
# Channels of our own, that know more of these than Apprise does.
OURS = {
    "dingtalk": "dingtalk",
    "wecombot": "wecom",
    "feishu": "feishu",
    "lark": "feishu",
    "mailto": "email",
    "mailtos": "email",
    "json": "webhook",
    "jsons": "webhook",
    "form": "webhook",
    "forms": "webhook",
    "xml": "webhook",
    "xmls": "webhook",
    "http": "webhook",
    "https": "webhook",
}
# What an address may not ask for: reading files, following redirects, believing any certificate, keeping things.
BARRED = frozenset({"template", "redirect", "verify", "store"})
