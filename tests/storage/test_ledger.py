"""The ledger: dense, chained, and never silent about an entry that is gone."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from faulting_proxy import DROP_AFTER, Fault, Proxy
from making import RUN, SITE, START, commit, overwrite, remove

from domain.errors import IntegrityError, NotFound
from storage import Bucket, keys
from storage.ledger import GENESIS, Entry, Ledger


def filled(bucket: Bucket, count: int) -> list[Entry]:
    ledger = Ledger(bucket, SITE)
    return [ledger.append(commit(number)) for number in range(1, count + 1)]


def test_each_entry_carries_the_hash_of_the_one_before(bucket: Bucket) -> None:
    made = filled(bucket, 5)
    assert [entry.seq for entry in made] == [1, 2, 3, 4, 5]
    assert [entry.prev for entry in made] == [GENESIS, *(entry.hash for entry in made[:-1])]
    assert list(Ledger(bucket, SITE).walk()) == made
    assert list(Ledger(bucket, SITE).walk(3)) == made[3:]
    assert list(Ledger(bucket, SITE).walk(5)) == []
    assert Ledger(bucket, SITE).read(2) == made[1]


def test_the_head_is_found_at_any_length(bucket: Bucket) -> None:
    """A fresh ledger gallops from nothing; one that has seen a head goes on from there."""
    seen = Ledger(bucket, SITE)
    writer = Ledger(bucket, SITE)
    for length in range(101):
        if length:
            writer.append(commit(length))
        if length in {0, 1, 2, 3, 7, 8, 9, 100}:
            for ledger in (Ledger(bucket, SITE), seen):
                head = ledger.head()
                assert (head.seq if head else 0) == length


def test_an_empty_ledger_has_no_head_and_no_entries(bucket: Bucket) -> None:
    assert Ledger(bucket, SITE).head() is None
    assert list(Ledger(bucket, SITE).walk()) == []
    with pytest.raises(NotFound):
        Ledger(bucket, SITE).read(1)


def test_two_writers_race_and_no_entry_is_lost(bucket: Bucket) -> None:
    def append(who: int) -> list[Entry]:
        ledger = Ledger(bucket, SITE)
        return [ledger.append(commit(who * 1000 + number)) for number in range(50)]

    with ThreadPoolExecutor(2) as pool:
        mine, theirs = pool.map(append, (1, 2))
    walked = list(Ledger(bucket, SITE).walk())
    assert [entry.seq for entry in walked] == list(range(1, 101))
    assert walked == sorted([*mine, *theirs], key=lambda entry: entry.seq)
    assert len({entry.commit.segment for entry in walked}) == 100


def test_a_lost_reply_names_a_segment_once(bucket: Bucket, proxied: Callable[..., Bucket], proxy: Proxy) -> None:
    ledger = Ledger(proxied(), SITE)
    for number in range(1, 6):
        proxy.fail(Fault("PUT", DROP_AFTER))
        ledger.append(commit(number))
    assert [entry.commit.segment for entry in Ledger(bucket, SITE).walk()] == [commit(n).segment for n in range(1, 6)]


def test_a_resent_segment_is_not_named_twice(bucket: Bucket) -> None:
    """What is asked is the run's own time, however many entries others made since."""
    made = filled(bucket, 3)
    for length in (3, 4, 30):
        for number in range(len(made) + 1, length + 1):
            made.append(Ledger(bucket, SITE).append(commit(number)))
        again = replace(commit(3), at="2026-03-02T00:00:00.000000Z")
        assert Ledger(bucket, SITE).append(again, resent=True) == made[2]
        assert list(Ledger(bucket, SITE).walk()) == made


def test_a_resent_segment_that_nobody_names_is_appended(bucket: Bucket) -> None:
    older = replace(commit(1), at=(START - timedelta(days=1)).isoformat())
    Ledger(bucket, SITE).append(older)
    filled(bucket, 2)
    assert Ledger(bucket, SITE).append(commit(9), resent=True).seq == 4
    assert Ledger(bucket, SITE).append(commit(8, run="a run of another name"), resent=True).seq == 5


def edited(bucket: Bucket, number: int, change: dict[str, object]) -> bytes:
    document = json.loads(bucket.get(keys.ledger(SITE, number)).data)
    return json.dumps(document | change, sort_keys=True, separators=(",", ":")).encode()


CHANGES: list[dict[str, object]] = [
    {"captures": 2},
    {"sha256": "ab" * 32},
    {"segment": "v1/seg/alpha/other"},
    {"at": "2020-01-01T00:00:00.000000Z"},
]


def test_an_entry_written_over_breaks_the_chain(bucket: Bucket) -> None:
    filled(bucket, 4)
    key = keys.ledger(SITE, 2)
    for data in [edited(bucket, 2, change) for change in CHANGES]:
        overwrite(bucket, key, data)
        with pytest.raises(IntegrityError, match=r"0000000003\.json.*does not follow"):
            list(Ledger(bucket, SITE).walk())


HALF = b'{"v":1,"site":"alpha","seq":2,"prev":"0"}'
NO_ENTRY = [b"", b"{", b"[]", b'"text"', b"7", b"null", b"\xff\xfe", b"{}", HALF]
ODD: list[dict[str, object]] = [
    {"site": "beta"},
    {"seq": 7},
    {"seq": "2"},
    {"v": 2},
    {"extra": 1},
    {"size": "big"},
    {"captures": None},
]


def test_an_entry_that_is_none_or_belongs_elsewhere_is_refused_by_name(bucket: Bucket) -> None:
    filled(bucket, 3)
    key = keys.ledger(SITE, 2)
    for data in [*NO_ENTRY, *(edited(bucket, 2, change) for change in ODD)]:
        overwrite(bucket, key, data)
        with pytest.raises(IntegrityError, match=key):
            Ledger(bucket, SITE).read(2)
        with pytest.raises(IntegrityError, match=key):
            list(Ledger(bucket, SITE).walk())


@pytest.mark.parametrize("after", [0, 4])
def test_a_missing_entry_is_damage_and_no_end(bucket: Bucket, after: int) -> None:
    """Galloping may stop at the gap or leap it: neither may look like a shorter ledger."""
    filled(bucket, 10)
    for gone in (1, 2, 3, 4, 5, 8, 9):
        key = keys.ledger(SITE, gone)
        data = bucket.get(key).data
        remove(bucket, key)
        walked, head = Ledger(bucket, SITE).walk(after), Ledger(bucket, SITE).head()
        if gone < after and head and head.seq == 10:  # leapt, and read before
            assert [entry.seq for entry in walked] == [5, 6, 7, 8, 9, 10]
        else:
            with pytest.raises(IntegrityError, match=key):
                list(walked)
        bucket.put_once(key, data)


def test_a_ledger_shorter_than_what_was_read_before_is_damage(bucket: Bucket) -> None:
    filled(bucket, 3)
    remove(bucket, keys.ledger(SITE, 2), keys.ledger(SITE, 3))
    with pytest.raises(IntegrityError, match=r"0000000002\.json"):
        list(Ledger(bucket, SITE).walk(3))
    with pytest.raises(IntegrityError):
        list(Ledger(bucket, "gamma").walk(1))


def test_entries_appended_while_one_walks_are_no_damage(bucket: Bucket) -> None:
    filled(bucket, 3)
    walking = Ledger(bucket, SITE)
    first_head = walking.head()
    Ledger(bucket, SITE).append(commit(4))
    assert first_head is not None
    walking._refuse_gap(first_head.seq, 0)
    assert [entry.seq for entry in walking.walk()] == [1, 2, 3, 4]
    assert RUN in walking.read(4).commit.segment
