"""Names of objects: the alphabet, the widths, and no address in them."""

import re
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given, settings
from hypothesis import strategies as st

from storage import keys

SITES = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True).filter(lambda name: len(name) <= 40)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
NUMBERS = st.integers(1, 999_999)
HASHES = st.binary(min_size=32, max_size=32).map(bytes.hex)
RUNS = settings(max_examples=60, deadline=None)
ALLOWED = re.compile(r"v1/(seg|led|run|art)/[0-9a-z._-]+(/[0-9a-z._-]+)+")


def every_key(site: str, run: str, number: int, sha256: str) -> list[str]:
    return [
        keys.segment(site, run, number, sha256),
        keys.ledger(site, number),
        keys.manifest(site, run, "open"),
        keys.manifest(site, run, "done"),
        keys.lease(site),
        keys.articles(site, "1.0", number),
    ]


@RUNS
@given(SITES, MOMENTS, NUMBERS, HASHES)
def test_every_key_is_of_the_alphabet_that_all_endpoints_keep(
    site: str, moment: datetime, number: int, sha256: str
) -> None:
    for key in every_key(site, keys.run_id(moment), number, sha256):
        assert ALLOWED.fullmatch(key)
        assert "//" not in key
        assert max(map(len, key.split("/"))) <= 255


@RUNS
@given(SITES, MOMENTS, MOMENTS, NUMBERS, NUMBERS, HASHES, HASHES)
def test_keys_of_one_kind_are_equally_wide_so_that_they_sort_as_numbers_do(
    site: str, moment: datetime, other: datetime, one: int, two: int, sha1: str, sha2: str
) -> None:
    run = keys.run_id(moment)
    assert [len(key) for key in every_key(site, run, one, sha1)] == [
        len(key) for key in every_key(site, keys.run_id(other), two, sha2)
    ]
    assert (keys.ledger(site, one) < keys.ledger(site, two)) == (one < two)
    if one != two:
        assert (keys.segment(site, run, one, sha1) < keys.segment(site, run, two, sha2)) == (one < two)


@RUNS
@given(MOMENTS, st.integers(-12, 14))
def test_a_run_is_named_by_its_start_in_utc(moment: datetime, hours: int) -> None:
    run = keys.run_id(moment.astimezone(timezone(timedelta(hours=hours))))
    assert re.fullmatch(r"\d{8}t\d{6}z-[0-9a-f]{6}", run)
    assert keys.started(run) == moment.replace(microsecond=0)


def test_two_runs_of_one_second_have_two_names() -> None:
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    assert len({keys.run_id(moment) for _ in range(20)}) == 20


def test_a_segment_lies_under_its_day_and_carries_its_hash() -> None:
    run = "20260301t080000z-0a1b2c"
    key = keys.segment("alpha", run, 7, "ab" * 32)
    assert key == f"v1/seg/alpha/2026/03/01/{run}/000007_abababababababab.warc.zst"
