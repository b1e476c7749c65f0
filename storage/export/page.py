"""What a bundle says to people: index.html and difference.html, in Chinese and English, without scripts."""

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from string import Template

from domain.change import Change
from domain.clock import shown
from storage.export.bundle import Exhibit, Seal

_PAGE = Path(__file__).with_name("index.html")
_DRILL = (
    "<p><strong>演练：连接被引向替身，不是任何网站的证据。 "
    '<span lang="en">A drill: the connection was led to a stand-in; no evidence of any site.</span></strong></p>'
)
_STAMPED = (
    "外部时间戳机构（RFC 3161）在其时间戳所示时间之前见过该检查点，前提是您信任该机构自行公布的根证书。",
    "An outside authority (RFC 3161) saw the checkpoint by the time in its stamp, if you trust its own published root.",
)
_UNSTAMPED = (
    "没有外部时间戳：检查点的时间仅出自档案馆自己的时钟。",
    "There is no time stamp: the checkpoint's time is by the archive's own clock alone.",
)
_TAGS = {"insert": "ins", "delete": "del"}


# A field's name and its pieces: insert, delete or equal, and the text.
Field = tuple[str, Sequence[tuple[str, str]]]


def index(change: Change, title: str, exhibits: Sequence[Exhibit], seal: Seal) -> str:
    """The page that explains the bundle."""
    stamp = _STAMPED if seal.is_stamped else _UNSTAMPED
    is_drill = any("connect-to" in one.capture.flags for one in exhibits)
    return Template(_PAGE.read_text(encoding="utf-8")).substitute(
        title=escape(title),
        kind=f"{change.type.chinese} {change.type.value}",
        url=escape(change.url),
        at=shown(change.at),
        drill=_DRILL if is_drill else "",
        rows="\n".join(map(_row, exhibits)),
        key=seal.key,
        number=f"{seal.numbers[0]:010d}",
        first=exhibits[0].name,
        stamp_zh=stamp[0],
        stamp_en=stamp[1],
    )


def _row(one: Exhibit) -> str:
    capture = one.capture
    name = escape(one.name)
    return (
        f'<tr><td><a href="{name}/headers.txt">{name}/</a></td><td>{shown(capture.at)}</td><td>{capture.status}</td>'
        f"<td><code>{escape(capture.payload_digest)}</code></td></tr>"
    )


def difference(change: Change, title: str, fields: Iterable[Field]) -> str:
    """The articles before and after, what went struck out, what came marked."""
    parts = [f"<h2>{escape(name)}</h2>\n<p>{''.join(map(_piece, pieces))}</p>" for name, pieces in fields]
    said = parts or ["<p>两次阅读之间没有文字差异 <span lang='en'>No difference in the articles as read</span></p>"]
    reason = f"<p>{escape(change.reason)}</p>" if change.reason else ""
    return (
        '<!doctype html>\n<html lang="zh-Hans">\n<meta charset="utf-8">\n'
        f"<title>差异 Difference: {escape(title)}</title>\n"
        "<style>body{font:16px/1.7 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}"
        "p{white-space:pre-wrap}ins{background:#d4f4d4}del{background:#f8d4d4}</style>\n"
        f"<h1>{escape(title)}</h1>\n<p>{change.type.chinese} {change.type.value} · {shown(change.at)}</p>\n{reason}\n"
        + "\n".join(said)
        + "\n</html>\n"
    )


def _piece(piece: tuple[str, str]) -> str:
    op, text = piece
    tag = _TAGS.get(op)
    return f"<{tag}>{escape(text)}</{tag}>" if tag else escape(text)
