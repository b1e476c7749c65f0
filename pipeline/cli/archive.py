"""history, show, diff: what the archive holds of a page."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from domain.clock import iso, parse, shown
from domain.errors import ConfigurationError
from pipeline.cli.output import err, out, put_json
from pipeline.house import house

if TYPE_CHECKING:
    from catalogue.holding import Held

Url = Annotated[str, typer.Argument(help="the page's address")]
Json = Annotated[bool, typer.Option("--json", help="one JSON document on standard output")]


def register(app: typer.Typer) -> None:
    for verb in (history, show, diff):
        app.command()(verb)


def history(url: Url, json: Json = False) -> None:
    """A page's versions and captures."""
    with house() as open_house:
        document = open_house.catalogue.history(url)
    if json:
        put_json(document)
        return
    out.print(f"{document['url']}\nstatus 状态: {document['status']}", markup=False)
    for version in document["versions"]:
        out.print(
            f"  version {version['version']}  {_shown(version['first_seen'])} … {_shown(version['last_seen'])}"
            f"  {version['change'] or ''}  {version['article_digest'][:19]}",
            markup=False,
        )
    for capture in document["captures"]:
        out.print(
            f"  capture  {_shown(capture['at'])}  {capture['status']}  {capture['payload_digest'][:19]}", markup=False
        )


def _shown(moment: Any) -> str:
    return shown(parse(moment) if isinstance(moment, str) else moment)


def show(
    url: Url,
    at: Annotated[str | None, typer.Option(help="an ISO time; without a zone, Asia/Shanghai")] = None,
    raw: Annotated[bool, typer.Option("--raw", help="the payload's bytes as served, on standard output")] = False,
    json: Json = False,
) -> None:
    """What a page held at a time: the article, or with --raw the bytes as served."""
    from pipeline.showing import article_at, files_at, payload_at

    moment = _moment(at)
    with house() as open_house:
        if raw:
            sys.stdout.buffer.write(payload_at(open_house, url, moment))
            sys.stdout.buffer.flush()
            return
        capture, article = article_at(open_house, url, moment)
        files = files_at(open_house, article, capture)
    if json:
        said = {"capture": capture.model_dump(mode="json"), "article": article.model_dump(mode="json")}
        put_json(said | {"files": [_file(item) for item in files]})
        return
    from pipeline.cli.articles import print_article

    err.print(f"captured {shown(capture.at)} (Asia/Shanghai), {capture.payload_digest}", markup=False)
    print_article(article)
    for item in files:
        _print_file(item)


def _file(item: "Held") -> dict[str, Any]:
    """One element of `files`: `capture` is the id of the capture that has the bytes, None where none is held, and
    `seen` when it was last found to be the same."""
    held = item.capture
    return {
        "url": item.href,
        "name": item.name,
        "kind": "image" if item.name is None else "attachment",
        "capture": held.id if held else None,
        "at": iso(held.at) if held else None,
        "content_type": held.content_type if held else None,
        "size": held.payload_length if held else None,
        "digest": held.payload_digest if held else None,
        "seen": iso(item.seen.at) if item.seen else None,
    }


def _print_file(item: "Held") -> None:
    kind = "image 图片" if item.name is None else "attachment 附件"
    out.print(f"{kind}: {item.name or ''} {item.href}".replace("  ", " "), markup=False)
    held = item.capture
    said = f"{shown(held.at)}, {held.payload_length:,} bytes, {held.payload_digest}" if held else "not held 没有留存"
    out.print(f"  {said}", markup=False)


def _moment(at: str | None) -> Any:
    try:
        return parse(at) if at else None
    except ValueError as error:
        raise ConfigurationError(f"--at {at}: {error}", hint="Write for example 2026-11-22T10:00.") from error


def diff(
    url: Url,
    a: Annotated[int | None, typer.Argument(help="a version's number; the one before B unless said")] = None,
    b: Annotated[int | None, typer.Argument(help="a version's number; the last unless said")] = None,
    json: Json = False,
) -> None:
    """The differences between two versions, character by character."""
    from pipeline.showing import versions_apart

    with house() as open_house:
        document = versions_apart(open_house, url, a, b)
    if json:
        put_json(document)
        return
    err.print(f"version {document['a']} → {document['b']}")
    for field in document["fields"]:
        out.print(f"{field['name']}:", style="bold")
        out.print("".join(_coloured(span) for span in field["spans"]))
    if not document["fields"]:
        err.print("no difference")


def _coloured(span: dict[str, str]) -> str:
    text = span["text"].replace("[", r"\[")
    if span["op"] == "insert":
        return f"[bold green]{{+{text}+}}[/]"
    if span["op"] == "delete":
        return f"[bold red]\\[-{text}-][/]"
    return text if len(text) < 120 else f"{text[:50]} … {text[-50:]}"
