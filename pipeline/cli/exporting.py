"""export: taking captures away, in forms that others open and a stranger can check."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from domain.clock import iso, parse
from domain.errors import ConfigurationError
from pipeline.cli.output import err, out, put_json
from pipeline.house import house

if TYPE_CHECKING:
    from pipeline.exporting import Done
    from pipeline.house import House
    from storage.export import Bundled, Selection, Tally

_HELP = """Take captures away: as .warc.gz, as WACZ with proofs, or as an evidence bundle for one change.

Say what: an address, --search WORDS, --site NAME, a span of time, or --change ID (tongjian changes --json has ids).
Say where to: --warc, --wacz, --evidence. 304s bring the captures that they confirm; articles bring their files.
The same captures and checkpoint give the same bytes each time. docs/export.md says what is in the files.

Examples:

  # one page, all its captures; pywb replays it

  tongjian export http://a.gov.cn/art/1.html --wacz page.wacz

  # all pages that were ever found to say it

  tongjian export --search 专项资金 --warc found.warc.gz

  # a month of a site

  tongjian export --site toudeng --since 2026-11-01 --until 2026-12-01 --wacz november.wacz

  # both captures, proofs, a page that explains; and what a stranger does with it

  tongjian export --change 3f2a… --evidence case-12

  python3 case-12/verify.py --key published.pem
"""


def register(app: typer.Typer) -> None:
    app.command(help=_HELP)(export)


def export(
    url: Annotated[str | None, typer.Argument(help="a page's address")] = None,
    search: Annotated[str | None, typer.Option(help="pages with all of these words, in any version")] = None,
    site: Annotated[str | None, typer.Option(help="this site's captures; narrows an address or a search")] = None,
    since: Annotated[str | None, typer.Option(help="captures from then on; without a zone, Asia/Shanghai")] = None,
    until: Annotated[str | None, typer.Option(help="captures before then")] = None,
    change: Annotated[str | None, typer.Option(help="the captures before and after this change")] = None,
    warc: Annotated[Path | None, typer.Option(help="write a .warc.gz here")] = None,
    wacz: Annotated[Path | None, typer.Option(help="write a .wacz here")] = None,
    evidence: Annotated[Path | None, typer.Option(help="write the evidence of --change to this folder or .zip")] = None,
    checkpoint: Annotated[
        int | None, typer.Option(help="prove it in this checkpoint; the first that covers all unless said")
    ] = None,
    files: Annotated[bool, typer.Option("--files/--no-files", help="attachments and images of articles too")] = True,
    json: Annotated[bool, typer.Option("--json", help="one JSON document on standard output")] = False,
) -> None:
    from pipeline.choosing import Span
    from pipeline.exporting import Wanted, choose, export_evidence

    _refuse_nothing(change, warc, wacz, evidence)
    wanted = Wanted(url, search, change, site, Span(_moment("since", since), _moment("until", until)), files)
    said: dict[str, Any] = {}
    with house() as open_house:
        if warc or wacz:
            chosen = choose(open_house, wanted)
            said = _written(open_house, chosen, warc, wacz, checkpoint)
        if evidence and change:
            said["evidence"] = _bundled(evidence, export_evidence(open_house, change, evidence, checkpoint))
    if json:
        put_json(said)
        return
    for name in ("warc", "wacz", "evidence"):
        if name in said:
            _tell(said[name])


def _refuse_nothing(change: str | None, warc: Path | None, wacz: Path | None, evidence: Path | None) -> None:
    if not (warc or wacz or evidence):
        hint = "Give --warc FILE.warc.gz, --wacz FILE.wacz or, with --change, --evidence FOLDER."
        raise ConfigurationError("nowhere to export to", hint=hint)
    if evidence and not change:
        hint = "Give --change ID; tongjian changes --json has ids."
        raise ConfigurationError("--evidence is of one change", hint=hint)


def _moment(name: str, text: str | None) -> Any:
    try:
        return parse(text) if text else None
    except ValueError as error:
        raise ConfigurationError(f"--{name} {text}: {error}", hint="Write for example 2026-11-22T10:00.") from error


def _written(
    open_house: "House", chosen: "Selection", warc: Path | None, wacz: Path | None, checkpoint: int | None
) -> dict[str, Any]:
    from pipeline.exporting import export_wacz, export_warc

    said = {}
    if warc:
        with _meter(warc.name, chosen.captures) as tell:
            said["warc"] = _said(export_warc(open_house, chosen, warc, tell))
    if wacz:
        with _meter(wacz.name, chosen.captures) as tell:
            said["wacz"] = _said(export_wacz(open_house, chosen, wacz, checkpoint, tell))
    return said


@contextmanager
def _meter(name: str, captures: int) -> Iterator[Callable[["Tally"], None]]:
    """Shows how far it is and how fast, on a terminal."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    began = time.monotonic()
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(name)

        def tell(tally: "Tally") -> None:
            seconds = max(time.monotonic() - began, 1e-6)
            rate = f"{tally.captures / seconds:,.0f}/s, {tally.uncompressed / seconds / 1e6:,.1f} MB/s"
            bar.update(task, description=f"{name}: {tally.captures:,} of {captures:,} captures ({rate})")

        yield tell


def _said(done: "Done") -> dict[str, Any]:
    said = {
        "path": str(done.path),
        "title": done.title,
        "captures": done.tally.captures,
        "records": done.tally.records,
        "bytes": done.path.stat().st_size,
        "uncompressed": done.tally.uncompressed,
        "sha256": done.sha256,
        "left_out": [{"url": one.url, "at": iso(one.at), "capture": one.capture} for one in done.tally.left_out],
    }
    if done.packed:
        packed = done.packed
        said |= {"pages": packed.pages, "checkpoint": packed.checkpoint, "signed": packed.is_signed}
        said |= {"proved": packed.proved, "unproved": packed.unproved}
    return said


def _bundled(path: Path, done: "Bundled") -> dict[str, Any]:
    return {
        "path": str(path),
        "files": done.files,
        "bytes": done.size,
        "checkpoints": done.seal.numbers,
        "key": done.seal.key,
        "stamped": done.seal.is_stamped,
        "signed": done.is_signed,
    }


def _tell(said: dict[str, Any]) -> None:
    if "files" in said:
        out.print(f"{said['path']}: {said['files']} files, {said['bytes']:,} bytes", markup=False)
        out.print(f"  checkpoints {', '.join(map(str, said['checkpoints']))}, key {said['key']}", markup=False)
        out.print("  a stranger checks it with: python3 verify.py --key PUBLISHED.pem", markup=False)
    else:
        sizes = f"{said['captures']} captures, {said['bytes']:,} bytes"
        out.print(f"{said['path']}: {sizes}  {said['title']}", markup=False)
        out.print(f"  sha256 {said['sha256']}", markup=False)
    if said.get("left_out"):
        err.print(f"note: {len(said['left_out'])} captures were taken down and left out", style="yellow")
    if said.get("unproved"):
        err.print(
            f"note: {said['unproved']} captures are in no checkpoint yet and have no proof (tongjian checkpoint)",
            markup=False,
            style="yellow",
        )
    if said.get("signed") is False:
        err.print("note: no key here to sign the list of files with (tongjian doctor --make-key)", style="yellow")
    if said.get("stamped") is False:
        err.print(
            "note: a checkpoint has no time stamp: only our own clock speaks for its time (TONGJIAN_TSA)",
            style="yellow",
        )
