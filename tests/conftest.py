"""What holds for every test: the longest files first, so that no worker is left with one at the end."""

from collections.abc import Sequence

import pytest

_LONGEST = (
    "test_scheduler",
    "test_two_hundred",
    "test_replay",
    "test_kill",
    "test_exporting",
    "test_faulty_store",
    "test_bad_input",
    "test_matrix",
    "test_hostile_pages",
    "test_rounds",
    "test_second_look",
    "test_many_copies",
    "test_browser",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    return _place(_LONGEST, item.path.stem)


def _place(names: Sequence[str], stem: str) -> int:
    return next((number for number, name in enumerate(names) if stem.startswith(name)), len(names))
