"""What a bundle says to people: index.html and difference.html, in Chinese and English, without scripts."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path
from string import Template

from domain.change import Change
from domain.clock import shown
from storage.export.bundle import Exhibit, Seal, Vouched

_PAGE = Path(__file__).with_name("index.html")
_DRILL = (
    "<p><strong>演练：连接被引向替身，不是任何网站的证据。 "
    '<span lang="en">A drill: the connection was led to a stand-in; no evidence of any site.</span></strong></p>'
)
_GONE = (
    "<p><strong>有的应答已下架：其墓碑说明何时、应谁的要求、为何；所证明的是曾持有具有此散列的记录，而非其内容。 "
    '<span lang="en">An answer was taken down: its tombstone says when, at whose request and why. Proved is that a '
    "record of this hash was held, not what was in it.</span></strong></p>"
)
_STAMPED = (
    "外部时间戳机构（RFC 3161）在下表“时间戳”所示时间之前见过该检查点，前提是您信任该机构自行公布的根证书。",
    "An outside authority (RFC 3161) saw each checkpoint by the time of its stamp, if you trust its published root.",
)
_PARTLY = (
    "外部时间戳机构（RFC 3161）只见过下表中有时间戳的检查点，前提是您信任该机构公布的根证书；其余仅凭我们的时钟。",
    "An outside authority (RFC 3161) saw those checkpoints that have a stamp, if you trust its own published root; of "
    "the others the time is by the archive's own clock alone.",
)
_UNSTAMPED = (
    "没有外部时间戳：检查点的时间仅出自档案馆自己的时钟。",
    "There is no time stamp: the checkpoint's time is by the archive's own clock alone.",
)
_NOTE = """sed '/^$/,$d' {0} > ../text
tail -1 {0} | cut -d' ' -f3 | base64 -d | tail -c 64 > ../signature
openssl pkeyutl -verify -pubin -inkey ../PUBLISHED.pem -rawin -in ../text -sigfile ../signature"""
_STAMP = """openssl ts -verify -data {0}.txt -in {0}.tsr -CAfile ../AUTHORITY.pem
openssl ts -reply -in {0}.tsr -text"""
_RECORD = """(printf '\\0'; cat {0}/response.warc) | sha256sum; grep '"record"' {0}/response.proof.json"""
_PAYLOAD = """sha256sum {0}/payload; grep -a -m1 -E 'WARC-Payload-Digest|TJ-Payload-Object' {0}/response.warc"""
_FIELDS = {
    "title": "标题",
    "published_at": "发布时间",
    "source": "来源",
    "authors": "作者",
    "body": "正文",
    "document_numbers": "文号",
    "attachments": "附件",
    "images": "图片",
}
_TAGS = {"insert": "ins", "delete": "del"}


# A field's name and its pieces: insert, delete or equal, and the text.
Field = tuple[str, Sequence[tuple[str, str]]]


def index(change: Change, title: str, exhibits: Sequence[Exhibit], seal: Seal) -> str:
    """The page that explains the bundle."""
    is_drill = any("connect-to" in one.capture.flags for one in exhibits)
    stamped = [one for one in seal.checkpoints if one.stamped]
    stamp = _STAMPED if seal.is_stamped else _PARTLY if stamped else _UNSTAMPED
    return Template(_PAGE.read_text(encoding="utf-8")).substitute(
        title=escape(title),
        kind=f"{change.type.chinese} {change.type.value}",
        url=escape(change.url),
        at=shown(change.at),
        drill=_DRILL if is_drill else "",
        gone=_GONE if any(one.is_taken_down for one in exhibits) else "",
        rows="\n".join(map(_row, exhibits)),
        key=seal.key,
        checkpoints="\n".join(map(_vouched, seal.checkpoints)),
        roots=" --roots ../AUTHORITY.pem" if stamped else "",
        commands=escape("\n".join(_commands(exhibits, seal)), quote=False),
        stamp_zh=stamp[0],
        stamp_en=stamp[1],
    )


def _row(one: Exhibit) -> str:
    capture = one.capture
    name = escape(one.name)
    first = f"{name}/tombstone.json" if one.is_taken_down else f"{name}/headers.txt"
    said = " 已下架 taken down" if one.is_taken_down else ""
    return (
        f'<tr><td><a href="{first}">{name}/</a>{said}</td><td>{shown(capture.at)}</td><td>{capture.status}</td>'
        f"<td><code>{escape(capture.payload_digest)}</code></td></tr>"
    )


def _vouched(one: Vouched) -> str:
    stamped = shown(one.stamped) if one.stamped else "无 none"
    return f"<tr><td><code>{_checkpoint(one)}.txt</code></td><td>{shown(one.signed)}</td><td>{stamped}</td></tr>"


def _checkpoint(one: Vouched) -> str:
    return f"checkpoints/{one.number:010d}"


def _commands(exhibits: Sequence[Exhibit], seal: Seal) -> Iterator[str]:
    """What a stranger types, in the bundle's folder; nothing is written into it."""
    yield "# 全部文件 every file\nsed '1d;/^$/,$d' files.txt | sha256sum -c"
    there = [one.name for one in exhibits if not one.is_taken_down]
    yield '# 记录的散列 = 其证明中的 record   a record\'s hash = "record" in its proof'
    yield from (_RECORD.format(one) for one in there)
    yield "# 载荷 the payload = WARC-Payload-Digest (TJ-Payload-Object) in the record"
    yield from (_PAYLOAD.format(one) for one in there)
    yield "# 检查点的签名 the signature of a checkpoint"
    yield from (_NOTE.format(f"{_checkpoint(one)}.txt") for one in seal.checkpoints)
    if seal.is_list_signed:
        yield "# 文件清单的签名 the signature of the list of files"
        yield _NOTE.format("files.txt")
    if any(one.stamped for one in seal.checkpoints):
        yield "# 时间戳 the time stamp"
    yield from (_STAMP.format(_checkpoint(one)) for one in seal.checkpoints if one.stamped)


def difference(change: Change, title: str, fields: Iterable[Field]) -> str:
    """The articles before and after, what went struck out, what came marked."""
    parts = [
        f"<h2>{_FIELDS.get(name, '')} {escape(name)}</h2>\n<p>{''.join(map(_piece, pieces))}</p>"
        for name, pieces in fields
    ]
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
