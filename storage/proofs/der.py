"""Just enough DER to put a token's certificates in order.

CMS (RFC 5652, section 5.1) lets certificates come in any order; openssl, and authorities built on it, send them as
they are configured. rfc3161-client takes sorted ones only (X.690, 11.6). They are not under the signature and all
together have one length, so they are sorted where they lie, for reading; what is kept is what came.
"""

from collections.abc import Iterator

_CERTIFICATES = 0xA0


def sorted_certificates(answer: bytes) -> bytes:
    """A TimeStampResp with its certificates sorted; what has none, or is no DER, as it came."""
    try:
        found = _certificates(answer)
        if found is None:
            return answer
        start, end = found
        pieces = [answer[low:high] for _, low, _, high in _elements(answer, start, end)]
    except IndexError:
        return answer
    return answer[:start] + b"".join(sorted(pieces)) + answer[end:]


def _certificates(answer: bytes) -> tuple[int, int] | None:
    """From where to where the certificates lie: TimeStampResp → timeStampToken → content → SignedData → [0]."""
    start, end = 0, len(answer)
    for place in (0, 1, 1, 0):
        _, _, start, end = list(_elements(answer, start, end))[place]
    for tag, _, low, high in list(_elements(answer, start, end))[3:]:
        if tag == _CERTIFICATES:
            return low, high
    return None


def _elements(data: bytes, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """The elements that lie there: tag, and where each begins, its content begins, and it ends. Raises IndexError."""
    while start < end:
        size, content = data[start + 1], start + 2
        if size == 0x80:
            raise IndexError(f"no DER at byte {start}: a length that is not said")
        if size & 0x80:
            count = size & 0x7F
            size = int.from_bytes(data[content : content + count], "big")
            content += count
        if content + size > end:
            raise IndexError(f"no DER at byte {start}")
        yield data[start], start, content, content + size
        start = content + size
