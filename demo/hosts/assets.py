"""Pictures, styles, scripts and attachments: small, real enough to be fetched."""

import base64
import io
import zipfile

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


def document(name: str) -> tuple[str, bytes]:
    """An attachment's media type and bytes, by the ending of its name: of the same name always the same bytes."""
    ending = name.rsplit(".", 1)[-1].lower()
    if ending == "pdf":
        return "application/pdf", _pdf(name)
    if ending in ("zip", "docx", "xlsx"):
        return _ZIPPED.get(ending, "application/zip"), _zip(name)
    # The signature that old office files begin with ([MS-CFB], 2.2), and nothing that an office program would open.
    return "application/msword", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + f"replica attachment {name}\n".encode()


_ZIPPED = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _pdf(name: str) -> bytes:
    """A page with one line (ISO 32000-1, annex H.3, at its smallest)."""
    text = f"BT /F1 18 Tf 72 720 Td (replica attachment {''.join(filter(str.isalnum, name))}) Tj ET".encode(
        "ascii", "replace"
    )
    fonts = b"<< /Font << /F1 5 0 R >> >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources %s >>" % fonts,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, written in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, written)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(data)
    return data + b"xref\n0 6\n0000000000 65535 f \n" + table + trailer


def _zip(name: str) -> bytes:
    """One file of text, dated as zip's own zero so that the bytes never move."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("replica.txt"), f"replica attachment {name}\n")
    return packed.getvalue()
