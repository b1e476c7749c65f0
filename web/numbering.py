"""Where a document's page is."""

from urllib.parse import quote

from domain.citation import DocumentNumber


def path_of(number: DocumentNumber) -> str:
    """`/number/` and the number's normal form, percent-encoded."""
    return f"/number/{quote(number.text, safe='')}"


def linked(text: str | None) -> str | None:
    """The path of a number in its normal form; None for text that is none."""
    number = DocumentNumber.of(text) if text else None
    return path_of(number) if number else None
