"""What holds for every test: the longest files first, so that no worker is left with one at the end; and the same
examples of every property each time, so that a run says something of the change it is run for (`python -m bench
fuzz` looks for others), and however slow the machine is that tries them."""

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import HealthCheck, settings

from domain.settings import settings as settings_of_the_house

settings.register_profile(
    "steady", derandomize=True, max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")

_LONGEST = (
    "test_scheduler",
    "test_kill",
    "test_two_hundred",
    "test_rounds",
    "test_replay",
    "test_exporting",
    "test_run",
    "test_hostile_pages",
    "test_properties",
    "test_second_look",
    "test_seeds",
    "test_matrix",
    "test_browser",
    "test_memento",
    "test_bad_input",
    "test_faulty_store",
    "test_taking_down",
    "test_files",
    "test_proving_commands",
    "test_many_copies",
)


@pytest.fixture(autouse=True)
def no_settings_of_others() -> Iterator[None]:
    """Settings are read once a process: what a test put into the environment would be every later test's."""
    settings_of_the_house.cache_clear()
    yield
    settings_of_the_house.cache_clear()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    return _place(_LONGEST, item.path.stem)


def _place(names: Sequence[str], stem: str) -> int:
    return next((number for number, name in enumerate(names) if stem.startswith(name)), len(names))
