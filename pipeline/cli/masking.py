"""masks: what is volatile on a site, why that is believed, and how to overrule it."""

import re
from typing import Annotated, Any

import typer
from rich.markup import escape

from domain.clock import iso, shown
from domain.mask import MaskRule
from pipeline.cli.output import err, out, put_json
from pipeline.house import house
from pipeline.selecting import select

Names = Annotated[list[str] | None, typer.Argument(help="site names; all sites where none is given")]
Json = Annotated[bool, typer.Option("--json", help="one JSON document on standard output")]
_WORDS = {
    "shape": "a block of this shape, # being any number 任何数字",
    "after": "what follows this line, up to the next heading 其后内容",
    "field": "a whole field of one page 单页字段",
    "always": "said in the site's file, always 站点文件: 总是",
    "never": "said in the site's file, never 站点文件: 从不",
}


def register(app: typer.Typer) -> None:
    app.command()(masks)


def masks(names: Names = None, json: Json = False) -> None:
    """What moves by itself on a site (counters, clocks, lists that turn) and so makes no version.

    Learned from pages that were asked for twice in a run, and from redesigns. To overrule: Site.masks in the site's
    file; the next `compare` judges its pages again. See docs/monitoring.md.
    """
    with house() as open_house:
        found = {site.name: open_house.catalogue.masks(site.name) for site in select(names or [], every=not names)}
    if json:
        put_json([_shape(rule) for rules in found.values() for rule in rules])
        return
    for site, rules in found.items():
        if not rules:
            err.print(f"{site}: nothing was learned to be volatile yet")
        for rule in rules:
            _tell(rule)


def _shape(rule: MaskRule) -> dict[str, Any]:
    return rule.model_dump(mode="json") | {"learned": iso(rule.learned), "overrule": overruling(rule)}


def _tell(rule: MaskRule) -> None:
    out.print(f"[bold]{rule.site}[/]  {rule.kind}  {escape(rule.value)}  {_WORDS[rule.kind]}")
    if rule.kind in ("always", "never"):
        return
    out.print(f"    learned {shown(rule.learned)} from {len(rule.evidence)} captures", markup=False)
    for sample in rule.samples[:3]:
        out.print(f"    seen: {sample}", markup=False)
    out.print(f"    to overrule: {overruling(rule)}", markup=False)


def overruling(rule: MaskRule) -> str:
    """The line of a site's file by which a rule no longer holds."""
    if rule.kind == "field":
        return "a page's own field cannot be overruled; it holds for that page alone"
    pattern = re.escape(rule.value).replace(r"\#", r"[\d.,:/-]+")
    return f"masks=Masks(never=(r{pattern!r},))".replace("\\\\", "\\")
