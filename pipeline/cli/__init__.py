"""The commands. Results go to standard output, progress and logs to standard error.

A module is loaded when one of its verbs is called: a short command should be quick.
"""

from collections.abc import Iterator, Mapping, MutableMapping
from functools import cache
from importlib import import_module
from typing import Any, cast

import typer
from typer.core import TyperGroup
from typer.main import get_group

# The verbs of each module here, in the order of the help. What stands under _GROUPS has verbs of its own.
_VERBS = {
    "machine": ("up", "replica", "web", "migrate"),
    "doctoring": ("doctor",),
    "backing_up": ("backup",),
    "thinning": ("thin",),
    "crawling": ("run", "capture", "read", "compare", "check", "notify", "deliver"),
    "planning": ("plan",),
    "looking": ("changes", "search"),
    "masking": ("masks",),
    "reprinting": ("reprints",),
    "numbering": ("number",),
    "articles": ("article",),
    "archive": ("history", "show", "diff"),
    "proving": ("verify", "checkpoint"),
    "exporting": ("export",),
    "rereading": ("replay", "rebuild"),
    "taking_down": ("takedown",),
    "siting": ("sites",),
    "subscribing": ("subscriptions",),
    "channelling": ("channels",),
    "peopling": ("people",),
    "teaming": ("teams",),
    "health": ("health",),
}
_GROUPS = ("doctoring", "siting", "subscribing", "channelling", "peopling", "teaming", "health")
_MODULES = {verb: module for module, verbs in _VERBS.items() for verb in verbs}


@cache
def commands_of(module: str) -> Mapping[str, Any]:
    """The module's commands by their verbs."""
    loaded, app = import_module(f"pipeline.cli.{module}"), typer.Typer(rich_markup_mode="rich")
    if module in _GROUPS:
        app.add_typer(loaded.app, name=_VERBS[module][0])
    else:
        loaded.register(app)
    return get_group(app).commands


class _Commands(Mapping[str, Any]):
    """All verbs, each loaded when asked for."""

    def __getitem__(self, verb: str) -> Any:
        return commands_of(_MODULES[verb])[verb]

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)


class _House(TyperGroup):
    def __init__(self, **said: Any) -> None:
        super().__init__(**said)
        self.commands = cast(MutableMapping[str, Any], _Commands())


app = typer.Typer(
    cls=_House,
    help="Tongjian 通鉴 watches Chinese news and commerce-department sites and keeps their history.",
    epilog="Start with: tongjian up    (everything on this machine, with a replica of five sites)",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    callback=lambda: None,
)
