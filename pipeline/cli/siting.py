"""sites: list, show, check, new; record, expect and test are in recording."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from domain.errors import ConfigurationError
from pipeline.cli import recording
from pipeline.cli.output import err, out, put_json
from pipeline.selecting import select
from sites import load

app = typer.Typer(
    help="The sites that are watched: one file each.",
    epilog="A site of one's own, in order: new → check → tongjian article URL → record → test.  docs/adding-a-site.md",
    no_args_is_help=True,
)
Json = Annotated[bool, typer.Option("--json", help="one JSON document on standard output")]
Name = Annotated[str, typer.Argument(help="a site's name")]


@app.command("list")
def list_sites(json: Json = False) -> None:
    """Every site, its address and its rhythm."""
    known = load()
    if json:
        put_json(
            [
                {
                    "name": site.name,
                    "title": site.title,
                    "homepage": site.homepage,
                    "every_seconds": site.every.total_seconds(),
                }
                for site in known.values()
            ]
        )
        return
    table = Table("name", "title", "homepage", "every", box=None, pad_edge=False)
    for site in known.values():
        table.add_row(site.name, site.title, site.homepage, str(site.every))
    out.print(table)


@app.command()
def show(name: Name, json: Json = False) -> None:
    """All that a site's file says."""
    site = select([name])[0]
    document = site.model_dump(mode="json", exclude={"readers"})
    document["readers"] = [reader.__name__ for reader in site.readers]
    if json:
        put_json(document)
        return
    for key, value in document.items():
        out.print(f"{key}: {value}", markup=False)


@app.command()
def check(name: Name) -> None:
    """Fetch a site's entry pages and one article now, and say what discovery and the reader make of them.

    Says too whether pages of the site are recorded, which is what its tests go by.
    """
    from pipeline.trying import try_site

    tried = try_site(select([name])[0])
    for line in tried.lines:
        out.print(line, markup=False)
    raise typer.Exit(1 if tried.failed else 0)


@app.command()
def new(
    name: Name,
    url: Annotated[str, typer.Argument(help="the address of a list page where its articles appear")],
    folder: Annotated[Path, typer.Option(help="where the file goes")] = Path("sites"),
) -> None:
    """Write a site's file to begin with; edit it, then: tongjian sites check NAME.

    Example: tongjian sites new qihe-ribao http://news.example.cn/yaowen/
    """
    from sites import scaffold

    path = folder / f"{name.replace('-', '_')}.py"
    if path.exists():
        raise ConfigurationError(f"{path} is there already", hint="Choose another name, or edit that file.")
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(scaffold(name, url), encoding="utf-8")
    out.print(str(path), markup=False)
    err.print(
        f"next: edit its article pattern, then: tongjian sites check {name}"
        + ("" if folder == Path("sites") else f"  (with TONGJIAN_SITES={folder})")
        + "\nthen: record an article and a list page of it with: tongjian sites record URL",
        markup=False,
    )


recording.register(app)
