"""verify, checkpoint: is what is kept whole, and signing that it is."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from domain.errors import ConfigurationError
from pipeline.cli.output import err, out, put_json
from pipeline.house import house

if TYPE_CHECKING:
    from pipeline.checkpointing import Outcome
    from pipeline.verifying import Step, Totals

Json = Annotated[bool, typer.Option("--json", help="one JSON document on standard output")]


def register(app: typer.Typer) -> None:
    for verb in (verify, checkpoint):
        app.command()(verb)


def verify(
    names: Annotated[list[str] | None, typer.Argument(help="sites; all that have a ledger unless said")] = None,
    deep: Annotated[bool, typer.Option("--deep", help="every record's digests too")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="sizes, ledgers, checkpoints; no segment is read")] = False,
    key: Annotated[
        list[Path] | None, typer.Option(help="a public key (PEM) that checkpoints may be signed with; may be repeated")
    ] = None,
    trust: Annotated[Path | None, typer.Option(help="a checkpoint kept elsewhere (checkpoint --save)")] = None,
    since: Annotated[int, typer.Option(help="only what came after checkpoint SEQ, which is taken as it is")] = 0,
    json: Json = False,
) -> None:
    """Check that all the ledgers and checkpoints name is there, whole and unchanged. Exit 1 names what is not."""
    from pipeline.verifying import Totals, Wanted, verifying

    if quick and deep:
        raise ConfigurationError("--quick and --deep are two different things", hint="Give one of them.")
    totals = Totals()
    wanted = Wanted(names or (), deep=deep, quick=quick, keys=key or (), trust=trust, since=since)
    with house() as open_house:
        for line in _metered(verifying(open_house, wanted, totals)):
            err.print(line, markup=False)
    _tell_verified(totals, json=json)
    raise typer.Exit(1 if totals.findings else 0)


def _metered(steps: Iterable["Step"]) -> Iterator[str]:
    """Shows where it is and how fast, on a terminal; gives a line for each level that is done."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    entries = size = 0
    began = time.monotonic()
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("verifying")
        for step in steps:
            entries, size = entries + step.entries, size + step.size
            seconds = max(time.monotonic() - began, 1e-6)
            rate = f"{entries / seconds:,.0f}/s" + (f", {size / seconds / 1e6:,.1f} MB/s" if size else "")
            bar.update(task, description=f"{step.at}: {step.levels}: {entries:,} ({rate})")
            if step.is_done:
                yield f"{step.at}: {step.levels}: done, {entries:,} ({rate})"
                entries = size = 0
                began = time.monotonic()


def _tell_verified(totals: "Totals", *, json: bool) -> None:
    numbers = {
        "segments": totals.segments,
        "captures": totals.captures,
        "bytes": totals.bytes,
        "checkpoints": totals.checkpoints,
        "stamped": totals.stamped,
    }
    if json:
        findings = [{"site": one.site, "key": one.key, "message": one.message} for one in totals.findings]
        put_json({**numbers, "findings": findings, "notices": totals.notices})
        return
    for finding in totals.findings:
        out.print(f"{finding.site}: {finding.key}: {finding.message}", markup=False)
    for notice in totals.notices:
        err.print(f"note: {notice}", markup=False, style="yellow")
    err.print(
        f"{totals.segments} segments, {totals.captures} captures, {totals.bytes:,} bytes, "
        f"{totals.checkpoints} checkpoints ({totals.stamped} time-stamped): {len(totals.findings) or 'nothing'} wrong"
    )


def checkpoint(
    save: Annotated[Path | None, typer.Option(help="write the newest checkpoint here, to keep it elsewhere")] = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="make the tree's tiles again from the ledgers")] = False,
    json: Json = False,
) -> None:
    """Sign what was kept since the last checkpoint, and have it time-stamped where TONGJIAN_TSA is set."""
    from pipeline.checkpointing import checkpoint as sign
    from pipeline.remembering import write

    with house() as open_house:
        done = sign(open_house, rebuild=rebuild)
    if save:
        if done.newest is None:
            raise ConfigurationError(f"{save}: there is no checkpoint to save", hint="tongjian doctor --make-key")
        write(save, done.newest)
    _tell_signed(done, json=json)
    errors = any(issue.level == "error" for issue in done.issues)
    raise typer.Exit(1 if errors else 3 if done.issues else 0)


def _tell_signed(done: "Outcome", *, json: bool) -> None:
    newest = done.newest.checkpoint if done.newest else None
    if json:
        put_json(
            {
                "number": newest.number if newest else None,
                "size": newest.size if newest else 0,
                "added": done.added,
                "at": newest.at if newest else None,
                "stamped": done.is_stamped,
                "issues": [issue.model_dump(mode="json") for issue in done.issues],
            }
        )
        return
    for issue in done.issues:
        err.print(f"{issue.level}: {issue.kind}: {issue.message}", markup=False, style="yellow")
    if newest and done.added:
        out.print(f"checkpoint {newest.number}: {done.added} entries more, {newest.size} in all, signed {newest.at}")
    elif newest:
        out.print(f"nothing new since checkpoint {newest.number} of {newest.at}")
    elif not done.issues:
        out.print("nothing is kept yet: no checkpoint")
    if done.is_stamped:
        out.print("time-stamped")
