"""Pictures, styles, scripts and attachments: small, real enough to be fetched."""

import base64

from demo.model import Answer

_DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
_KINDS: dict[tuple[str, ...], tuple[str, bytes]] = {
    (".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp"): ("image/png", _DOT),
    (".css",): ("text/css", b"body{margin:0}\n"),
    (".js",): ("application/javascript", b"/* */\n"),
}


def asset(path: str) -> Answer | None:
    """The answer for a picture, style or script; None for any other address, /favicon.ico among them."""
    for endings, (content_type, body) in _KINDS.items():
        if path.lower().endswith(endings):
            return Answer(200, (("Content-Type", content_type), ("Cache-Control", "max-age=86400")), body)
    return None
