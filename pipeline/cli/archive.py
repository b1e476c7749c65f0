"""history, show, diff, verify, rebuild: what the archive holds of a page, and whether it is whole."""

import sys
from typing import Annotated, Any

import typer

from domain.clock import parse, shown
from domain.errors import ConfigurationError
from pipeline.cli.output import err, out, progress, put_json
from pipeline.house import house

Url = Annotated[str, typer.Argument(help="the page's address")]
Json = Annotated[bool, typer.Option("--json", help="one JSON document on standard output")]


def register(app: typer.Typer) -> None:
    for verb in (history, show, diff, verify, rebuild):
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
    from pipeline.showing import article_at, payload_at

    moment = _moment(at)
    with house() as open_house:
        if raw:
            sys.stdout.buffer.write(payload_at(open_house, url, moment))
            sys.stdout.buffer.flush()
            return
        capture, article = article_at(open_house, url, moment)
    if json:
        put_json({"capture": capture.model_dump(mode="json"), "article": article.model_dump(mode="json")})
        return
    from pipeline.cli.articles import print_article

    err.print(f"captured {shown(capture.at)} (Asia/Shanghai), {capture.payload_digest}", markup=False)
    print_article(article)


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


def verify(
    names: Annotated[list[str] | None, typer.Argument(help="sites; all that have a ledger unless said")] = None,
    deep: Annotated[bool, typer.Option("--deep", help="every record's digests too")] = False,
    json: Json = False,
) -> None:
    """Check that all the ledgers name is there, whole and unchanged. Exit 1 names what is not."""
    from storage.verify import verify as check

    with house() as open_house, progress("verifying") as step:
        archive = open_house.archive
        checked = []
        for site in names or archive.sites():
            for item in check(archive, site, deep=deep):
                checked.append(item)
                step()
    findings = [finding for item in checked for finding in item.findings]
    totals = {
        "segments": sum(item.seq > 0 for item in checked),
        "captures": sum(item.captures for item in checked),
        "bytes": sum(item.size for item in checked),
    }
    if json:
        put_json(totals | {"findings": [{"site": f.site, "key": f.key, "message": f.message} for f in findings]})
    else:
        for finding in findings:
            out.print(f"{finding.site}: {finding.key}: {finding.message}", markup=False)
        err.print(
            f"{totals['segments']} segments, {totals['captures']} captures, {totals['bytes']:,} bytes: "
            f"{len(findings) or 'nothing'} wrong"
        )
    raise typer.Exit(1 if findings else 0)


def rebuild(json: Json = False) -> None:
    """Make the catalogue again from the bucket alone."""
    from pipeline.rebuilding import rebuild as again
    from sites import load

    with house() as open_house, progress("rebuilding") as step:
        done = again(open_house, dict(load()), step)
        counts = open_house.catalogue.counts()
    if json:
        put_json(counts)
        return
    for item in done:
        err.print(f"{item.site}: {item.captures} captures from {item.entries} ledger entries", markup=False)
    out.print(", ".join(f"{number} {name}" for name, number in counts.items()))
