"""Units of amounts, from units.txt: how each is written, what it counts as, and what it must not stand before."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Unit:
    """`kind`: money, measure, people or things, as units.txt defines them."""

    written: str
    name: str
    kind: str
    not_before: str


def lines(name: str) -> Iterator[list[str]]:
    """The fields of each line of one of this package's tables."""
    for line in (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("|", 3)


@lru_cache(maxsize=1)
def units() -> dict[str, Unit]:
    return {fields[0]: Unit(*fields) for fields in lines("units.txt")}


@lru_cache(maxsize=1)
def pattern() -> str:
    """One alternative a unit, the longest first."""
    ordered = sorted(units().values(), key=lambda unit: -len(unit.written))
    return "|".join(f"{re.escape(unit.written)}{_guard(unit)}" for unit in ordered)


def _guard(unit: Unit) -> str:
    return f"(?!{unit.not_before})" if unit.not_before else ""
