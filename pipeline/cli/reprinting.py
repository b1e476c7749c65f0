"""reprints: where else an article stands, and who had it first."""

from typing import Annotated, Any

import typer

from pipeline.cli.output import err, out, put_json
from pipeline.house import house


def register(app: typer.Typer) -> None:
    app.command()(reprints)


def reprints(
    url: Annotated[str, typer.Argument(help="the address of a page that is kept")],
    site: Annotated[str | None, typer.Option(help="where two sites have the address")] = None,
    json: Annotated[bool, typer.Option("--json", help="one JSON document on standard output")] = False,
) -> None:
    """The reprint cluster of a page: the pages that carry its article, the first publisher, how sure and why.

    \b
    tongjian reprints http://news.example.cn/2024/0506/1001.html
    """
    with house() as open_house:
        found = open_house.catalogue.reprints(url, site)
    if json:
        put_json(found)
    elif found["first"] is None:
        err.print("no other page carries this article, as far as we watch 未见转载")
    else:
        _show(found)


def _show(found: dict[str, Any]) -> None:
    first = found["first"]
    out.print(f"first publisher 首发  {first['site']}  {first['url']}", markup=False)
    out.print(f"confidence 可信度     {found['confidence']:.0%}")
    for reason in found["reasons"]:
        out.print(f"  · {reason['zh']} {reason['en']}", markup=False)
    out.print(f"{len(found['pages'])} pages 篇")
    for page in found["pages"]:
        _show_page(page)
    for change in found["diverged"]:
        out.print(f"diverged 异  {change['at']}  {change['reason']}", markup=False)


def _show_page(page: dict[str, Any]) -> None:
    mark = "首 first" if page["first"] else f"同 {page['similarity']:.0%}, 含 {page['contained']:.0%}"
    official = "  官方 official" if page["official"] else ""
    line = f"{str(page['published_at'])[:16]}  {page['status']:8} {page['site']:18} {page['title']}  ({mark}){official}"
    out.print(f"{line}\n    {page['url']}", markup=False)
