"""article: what the reader sees in a page, and why."""

from datetime import datetime
from typing import Annotated

import typer

from domain.article import Article
from domain.clock import parse
from domain.errors import ConfigurationError
from pipeline.cli.output import out, put_json


def register(app: typer.Typer) -> None:
    app.command()(article)


def article(
    where: Annotated[
        str, typer.Argument(metavar="URL|FILE", help="an address, a file of page bytes, or a recorded fixture's folder")
    ],
    site: Annotated[str | None, typer.Option(help="read with this site's readers; else found by the host")] = None,
    url: Annotated[str | None, typer.Option(help="a file's own address: links and dates go by it")] = None,
    at: Annotated[
        str | None, typer.Option(metavar="TIME", help="read as of then: chooses among a site's dated layouts")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="the whole body, every alternative, and what was left out of the body")
    ] = False,
    mentions: Annotated[
        bool, typer.Option("--mentions", help="amounts, dates, deadlines, offices named in the text")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="the Article as one JSON document, nothing else")] = False,
) -> None:
    """What the reader sees in a page, where it found it, how sure it is, and what else was weighed.

    \b
    tongjian article http://news.example.cn/2024/0506/1001.html
    tongjian article saved.html --url http://news.example.cn/1001.html --all
    tongjian article sites/fixtures/toudeng/luntan --mentions
    """
    from pipeline.articles import see

    seen = see(where, site=site, url=url, at=_time(at))
    explained = seen.explained()
    if json:
        put_json(explained.article.model_dump(mode="json"))
        return
    from pipeline.cli.explaining import show
    from pipeline.cli.sheet import Sheet

    show(Sheet(out), seen, explained, everything=everything)
    if mentions:
        from pipeline.cli.mentioning import show_mentions

        show_mentions(Sheet(out), explained.article, everything=everything)


def print_article(article: Article) -> None:
    """An article that was kept, whole."""
    from parsers.explaining import Explained
    from pipeline.cli.explaining import show_article
    from pipeline.cli.sheet import Sheet

    show_article(Sheet(out), Explained(article), everything=True)


def _time(text: str | None) -> datetime | None:
    try:
        return parse(text) if text else None
    except ValueError as error:
        raise ConfigurationError(f"--at {text}: {error}", hint="Write for example --at 2023-05-06T10:00.") from error
