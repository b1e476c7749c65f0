"""Our reader in the shape that ../shared/eval/score.py asks of an extractor: `--adaptor bench.adaptor:extract`."""

from datetime import datetime

from parsers import read


def extract(html: str, url: str | None) -> dict[str, str | datetime | None]:
    """Title, date (aware), body (a line a block), source and author of a decoded page, with no site file.

    `url` is None where it is not known. Raises ReadError where the page cannot be read at all.
    """
    article = read(html.encode("utf-8", "replace"), url or "", "text/html; charset=utf-8")
    return {
        "title": article.title,
        "date": article.published_at,
        "body": article.text,
        "source": article.source,
        "author": " ".join(article.authors) or None,
    }
