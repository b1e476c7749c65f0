"""Backup and restore with a real bucket and real databases: the bucket and the key file alone make the house again."""

import hashlib
import io
import json
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
import zstandard
from backup_houses import SECRET, Desk, Receiver, carry_key, prose, tables
from newspaper import SITE, url
from sqlalchemy import text

import domain.settings
from alerts import endpoints, ledger, loading, subscriptions
from alerts.kinds import State
from alerts.sealing import Keyring
from alerts.upgrading import ALERTS
from catalogue.connection import transaction
from domain.clock import iso
from domain.errors import CatalogueError, ConfigurationError, IntegrityError, NotFound, TongjianError
from pipeline import takedown as takedown_verb
from pipeline.backing_up import BackedUp, backup, room
from pipeline.house import House
from pipeline.rebuilding import rebuild
from pipeline.restoring import choose, restore
from pipeline.takedown import order, takedown
from pipeline.telling import deliver_due, tell
from storage import backups, keys
from storage.backup_form import Backup, Maker
from storage.backups import Kept

Another = Callable[[], House]


def rebuilt(house: House, source: House) -> House:
    carry_key(source, house)
    rebuild(house, {SITE.name: SITE})
    return house


def kept(house: House, done: BackedUp) -> Backup:
    return Backup(io.BytesIO(house.bucket.get(done.key).data), done.key)


def forged(house: House, data: bytes, at: datetime = datetime(2031, 1, 1, tzinfo=UTC)) -> str:
    """An object under a name that fits its bytes."""
    key = keys.backup(at, hashlib.sha256(data).hexdigest())
    house.bucket.put_once(key, data)
    return key


def changed(data: bytes, what: Callable[[list[dict[str, Any]]], None]) -> bytes:
    """A backup whose lines were tampered with."""
    lines = [
        json.loads(line)
        for line in zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True).read().splitlines()
    ]
    what(lines)
    return zstandard.ZstdCompressor().compress("".join(json.dumps(line) + "\n" for line in lines).encode())


def test_the_bucket_and_the_key_make_the_house_again(desk: Desk, receiver: Receiver, another: Another) -> None:
    desk.fill(receiver)
    before = desk.rows()
    assert all(before.values()), {name for name, rows in before.items() if not rows}
    done = backup(desk.house)
    assert done.rows == {name: len(rows) for name, rows in before.items()}
    again = rebuilt(another(), desk.house)
    restored = restore(again)
    assert (restored.key, restored.rows, restored.unopened, restored.again) == (done.key, done.rows, (), 0)
    assert tables(again) == before
    sent = len(receiver.posts)
    assert tell(again).matched == 0
    assert len(receiver.posts) == sent  # what waits is paused, as it was
    with transaction(again.catalogue.engine) as connection:
        connection.execute(text("UPDATE channels SET paused_until = NULL"))
        connection.execute(text("UPDATE deliveries SET next_try_at = now() WHERE state = 'waiting'"))
    waiting = {one.id for one in ledger.listed(again.catalogue.engine, State.WAITING)}
    assert deliver_due(again).delivered == len(waiting) > 0
    assert set(receiver.ids[sent:]) == waiting


def test_nothing_secret_is_in_it(desk: Desk, receiver: Receiver) -> None:
    desk.fill(receiver)
    data = b"".join(row.encode() for _, row in kept(desk.house, backup(desk.house)).rows())
    assert b"sealed:" in data
    for secret in (SECRET, SECRET.removeprefix("whsec_"), desk.house.settings.sealing_file.read_text().strip()):
        assert secret.encode() not in data


def test_it_is_of_one_moment_while_others_write(desk: Desk, receiver: Receiver) -> None:
    """Each transaction of the writer puts a row into two tables: a backup has both or neither."""
    desk.fill(receiver)
    stop, written = threading.Event(), count()

    def write() -> None:
        while not stop.is_set():
            with transaction(desk.engine) as connection:
                connection.execute(text("INSERT INTO site_health (site) VALUES (:n)"), {"n": f"s{next(written)}"})
                connection.execute(text("INSERT INTO teams VALUES (gen_random_uuid(), 'x', now())"))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        found = [backup(desk.house) for _ in range(5)]
        while len({done.rows["teams"] for done in found}) == 1:
            assert writer.is_alive()
            found.append(backup(desk.house))
    finally:
        stop.set()
        writer.join()
    for done in found:
        assert kept(desk.house, done).check().rows == done.rows
        assert done.rows["teams"] == done.rows["site_health"]


def test_what_was_told_since_is_told_again_under_its_ids(desk: Desk, receiver: Receiver, another: Another) -> None:
    desk.subscribe(receiver)
    desk.writes(1)
    desk.tell()
    backup(desk.house)
    desk.writes(*range(2, 9))  # more than a person would be told of one by one
    desk.writes(1, body="已更正。")
    desk.tell()
    told = list(receiver.ids)
    assert len(told) == len(set(told)) == 9
    desk.writes(9)  # found while the database was being lost: nobody was told
    again = rebuilt(another(), desk.house)
    assert restore(again).again == 9
    done = tell(again)
    assert (done.delivered, done.waiting, done.held) == (9, 0, 0)
    repeated = receiver.ids[len(told) :]
    assert set(told[1:]) <= set(repeated)
    assert len(set(receiver.ids)) == 10
    assert tell(again).delivered == 0


def test_a_matter_told_again_with_its_copies_has_its_id(desk: Desk, receiver: Receiver, another: Another) -> None:
    """The copy came after its article had been told: no message was made of it. Now both are found at once."""
    desk.subscribe(receiver)
    backup(desk.house)
    for number in (2, 3):
        desk.writes(number, body=prose(2))
        desk.tell()
    told = list(receiver.ids)
    assert len(told) == 1
    again = rebuilt(another(), desk.house)
    assert restore(again).again == 2
    tell(again)
    assert receiver.ids == told * 2


def test_what_was_down_stays_what_it_is_until_it_is_said(desk: Desk, receiver: Receiver, another: Another) -> None:
    desk.fill(receiver)
    first = backup(desk.house)
    desk.subscribe(receiver, "later")
    with pytest.raises(ConfigurationError, match=r"not empty.*subscriptions 3") as refused:
        restore(desk.house)
    assert "--yes" in str(refused.value.hint)
    done = restore(desk.house, overwrite=True)
    assert (done.key, done.replaced["subscriptions"]) == (first.key, 3)
    assert {name: len(rows) for name, rows in desk.rows().items()} == first.rows


def test_an_empty_house_is_asked_nothing(desk: Desk, another: Another) -> None:
    backup(desk.house)
    fresh = another()
    assert restore(fresh).replaced == {}
    assert restore(fresh).replaced == {}
    with pytest.raises(NotFound, match="no backup was taken by"):
        restore(fresh, "2001-01-01")
    with pytest.raises(ConfigurationError, match="neither a time nor the key"):
        restore(fresh, "yesterday")


def test_a_message_that_is_being_sent_holds_it_up_and_is_not_harmed(
    desk: Desk, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.fill(receiver)
    backup(desk.house)
    before = desk.rows()
    with transaction(desk.engine) as connection, monkeypatch.context() as patched:
        patched.setattr(loading, "_PATIENCE", "200ms")
        connection.execute(text("SELECT 1 FROM deliveries FOR UPDATE"))
        with pytest.raises(CatalogueError, match="lock timeout") as refused:
            restore(desk.house, overwrite=True)
    assert "stop the scheduler" in str(refused.value.hint)
    assert desk.rows() == before
    restore(desk.house, overwrite=True)


def test_another_key_is_named_and_the_right_one_opens(desk: Desk, receiver: Receiver, another: Another) -> None:
    desk.fill(receiver)
    backup(desk.house)
    fresh = another()
    channels = {one.id for one in endpoints.every(desk.engine)}
    assert {one.id for one in restore(fresh).unopened} == channels
    assert not fresh.settings.sealing_file.exists()  # none is made beside the one that is to come
    Keyring.load(fresh.settings)
    assert {one.id for one in restore(fresh, overwrite=True).unopened} == channels
    carry_key(desk.house, fresh)
    assert restore(fresh, overwrite=True).unopened == ()
    fresh.settings.sealing_file.write_text("no key\n")
    with pytest.raises(ConfigurationError, match="holds no keys"):
        restore(fresh, overwrite=True)


def test_an_address_given_anew_goes_to_its_own_channel(
    desk: Desk, receiver: Receiver, another: Another, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key is lost: what waited for the channel leaves by it, and subscriptions tell by it still."""
    desk.fill(receiver)
    backup(desk.house)
    fresh = Desk(another(), desk.paper)
    (lost,) = restore(fresh.house).unopened
    before, sent = fresh.rows(), len(receiver.posts)
    assert fresh.channel("http://127.0.0.1:9/other").id != lost.id
    assert fresh.channel(receiver.url, SECRET).id == lost.id
    assert restored_but(before, fresh.rows()) == {"channels"}
    with transaction(fresh.engine) as connection:
        connection.execute(text("UPDATE channels SET paused_until = NULL"))
        connection.execute(text("UPDATE deliveries SET next_try_at = now() WHERE state = 'waiting'"))
    assert deliver_due(fresh.house).delivered == 1
    assert len(receiver.posts) == sent + 1


def restored_but(before: dict[str, list[str]], after: dict[str, list[str]]) -> set[str]:
    return {name for name in before if before[name] != after[name]}


@pytest.fixture
def three(desk: Desk, receiver: Receiver, another: Another) -> tuple[House, bytes, dict[str, list[str]]]:
    """A house whose tables must stay as they are, a backup's bytes, and what the tables hold."""
    desk.fill(receiver)
    data = desk.house.bucket.get(backup(desk.house).key).data
    return desk.house, data, desk.rows()


def unharmed(house: House, before: dict[str, list[str]], at: str, match: str) -> None:
    with pytest.raises(TongjianError, match=match) as refused:
        restore(house, at, overwrite=True)
    assert refused.value.hint
    assert tables(house) == before


def test_damage_anywhere_is_found_before_anything_is_touched(three: Any) -> None:
    house, data, before = three
    kept_as = backups.listed(house.bucket)[-1].key
    places = [0, 1, 5, 9, 40, len(data) // 3, len(data) // 2, len(data) - 30, len(data) - 1]
    for broken in [*(flipped(data, place) for place in places), data[:-1], data[: len(data) // 2], b"", data + b"x"]:
        house.bucket.client.put_object(Bucket=house.bucket.name, Key=kept_as, Body=broken)
        unharmed(house, before, kept_as, "not those of its name")


def test_damage_that_a_name_was_made_for_is_found_too(three: Any) -> None:
    """What is not found is in what zstd does not use: nothing else than what was kept is ever put back."""
    house, data, before = three
    for broken in [*(flipped(data, place) for place in range(0, len(data), len(data) // 20)), data[:-1], data[:-5]]:
        with suppress(IntegrityError, ConfigurationError):
            restore(house, forged(house, broken), overwrite=True)
        assert tables(house) == before
    for length in (0, 1, 20, len(data) // 4, len(data) // 2, len(data) - 60):
        unharmed(house, before, forged(house, data[:length]), "damaged or no backup")
    unharmed(house, before, forged(house, data + b"more"), "damaged")
    unharmed(house, before, forged(house, data + data), "does not end")


def flipped(data: bytes, place: int) -> bytes:
    broken = bytearray(data)
    broken[place] ^= 0x10
    return bytes(broken)


def test_foreign_objects_are_refused(three: Any) -> None:
    house, data, before = three
    for foreign in (
        b"",
        b"hello",
        zstandard.compress(b"hello\n"),
        zstandard.compress(b'{"backup":1}\n'),
        zstandard.compress(b"[]\n"),
    ):
        unharmed(house, before, forged(house, foreign), "no backup of ours")

    def header(**values: Any) -> bytes:
        return changed(data, lambda lines: lines[0].update(values))

    def renamed(lines: list[dict[str, Any]]) -> None:
        lines[0]["tables"][0]["name"] = "pages; drop table people"

    def catalogues(lines: list[dict[str, Any]]) -> None:
        lines[0]["tables"][0]["name"] = "pages"

    def wider(lines: list[dict[str, Any]]) -> None:
        lines[0]["tables"][0]["columns"].append("admin")

    unharmed(house, before, forged(house, header(backup="pg_dump")), "of something else")
    unharmed(house, before, forged(house, header(v=2)), "form 2, this Tongjian knows form 1")
    unharmed(house, before, forged(house, changed(data, renamed)), "no header")
    for forgery in (catalogues, wider):
        unharmed(house, before, forged(house, changed(data, forgery)), "damaged")


def written(house: House, tables_: dict[str, list[dict[str, Any]]], revision: str) -> str:
    """A backup, whole and well-formed, of these rows."""
    with room(house.settings) as file, room(house.settings) as spool:
        maker = Maker(spool)
        for name, rows in tables_.items():
            columns = tuple(rows[0]) if rows else ()
            maker.table(name, columns, [json.dumps(row, ensure_ascii=False) for row in rows])
        maker.finish(file, datetime(2026, 11, 1, tzinfo=UTC), revision)
        file.seek(0)
        return forged(house, file.read())


def test_tables_of_a_newer_tongjian_or_of_others(three: Any) -> None:
    house, _, before = three
    unharmed(house, before, written(house, {}, "9999"), "form 9999, this Tongjian knows up to")
    unharmed(house, before, written(house, {"pages": [{"url": "x"}]}, ALERTS.head), "is not that of form")
    team = {"id": "t", "name": "t", "created_at": "2026-11-01T00:00:00Z"}
    unharmed(house, before, written(house, {"teams": [team]}, ALERTS.head), "is not that of form")


def test_one_of_an_older_form_is_brought_to_the_newest(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the tables were before there were people and channels: what a migration does to rows, it does to these."""
    monkeypatch.setattr(domain.settings, "settings", lambda: desk.house.settings)
    at = "2026-10-01T00:00:00+00:00"
    old = {
        "subscriptions": [
            {"id": "s1", "name": "商务", "channel": "webhook", "address": "https://example.com/h", "words": ["招商"]}
            | {"types": [], "sites": [], "created_at": at, "active": True, "secret": None}
        ],
        "told": [{"change_id": "c1", "at": at}],
        "deliveries": [
            {"id": "d1", "subscription": "s1", "change_id": "c1", "site": "paper", "urlkey": "k", "at": at}
            | {"payload": {"type": "new"}, "state": "waiting", "attempts": 2, "next_try_at": at, "last_error": None}
            | {"delivered_at": None}
        ],
        "site_health": [{"site": "paper", "standing": None, "checked": None, "told": None}],
    }
    desk.house.settings.state.mkdir(parents=True, exist_ok=True)
    done = restore(desk.house, written(desk.house, old, "0002"))
    assert (done.revision, done.unopened) == ("0002", ())
    engine = desk.engine
    assert [(one.id, one.query, one.channels) for one in subscriptions.every(engine)] == [("s1", '"招商"', ("s1",))]
    assert [(one.id, one.state.value) for one in ledger.listed(engine)] == [("d1", "waiting")]
    assert kept(desk.house, backup(desk.house)).header.revision == ALERTS.head


def test_what_was_taken_down_since_stays_down(
    desk: Desk, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, another: Another
) -> None:
    secret = "这一段话依法院命令不得再公开，写的是某人的住址。"
    monkeypatch.setattr(takedown_verb, "site_of", lambda name: SITE)
    desk.subscribe(receiver)
    desk.writes(1, body=secret)
    desk.tell()
    assert secret in str(desk.rows())
    backup(desk.house)
    takedown(desk.house, url(1), order("court order 1/2026", "a court", None, bypass=False))
    assert secret not in str(desk.rows())
    again = rebuilt(another(), desk.house)
    assert restore(again).withdrawn == 1
    assert secret not in str(tables(again))


def at(days: float) -> datetime:
    return datetime(2026, 11, 22, 18, 50, tzinfo=UTC) - timedelta(days=days)


def made(*days: float) -> list[Kept]:
    return [Kept(f"{keys.BACKUPS}{iso(at(one))}", at(one), "", 1) for one in days]


def test_thirty_days_and_twelve_months_are_kept() -> None:
    daily = made(*range(800))
    gone = set(backups.spare(daily))
    left = [one for one in daily if one not in gone]
    days = {one.taken.date() for one in left}
    assert {at(number).date() for number in range(30)} <= days
    months = [f"{one.taken:%Y%m}" for one in left]
    assert sorted(set(months), reverse=True)[0] == "202611"
    assert len(set(months)) == 12
    assert len(left) == 30 + 12 - len({f"{at(number):%Y%m}" for number in range(30)})
    assert backups.spare(left) == ()


def test_none_of_the_last_two_days_goes_and_a_gap_costs_nothing() -> None:
    burst = made(*(number / 24 for number in range(80)))
    gone = backups.spare(burst)
    assert min(at(0) - one.taken for one in gone) >= timedelta(days=2)
    assert len({one.taken.date() for one in burst} - {one.taken.date() for one in burst if one not in gone}) == 0
    rare = made(0, 400, 800, 1200)
    assert backups.spare(rare) == ()
    assert backups.spare([]) == ()


def test_old_ones_go_when_the_new_one_is_whole_and_not_before(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    old = [forged(desk.house, f"{number}".encode(), at(2000 + number / 10)) for number in range(3)]
    desk.house.bucket.put_once(f"{keys.BACKUPS}somebody-elses", b"x")

    def worse(*_: Any) -> None:
        raise IntegrityError("what came back is other bytes")

    with monkeypatch.context() as patch:
        patch.setattr(backups, "fetch", worse)
        with pytest.raises(IntegrityError):
            backup(desk.house)
    assert {one.key for one in backups.listed(desk.house.bucket)} >= set(old)
    done = backup(desk.house)
    assert set(done.removed) < set(old)
    there = {key for key, _ in desk.house.bucket.list(keys.BACKUPS)}
    assert there == {done.key, f"{keys.BACKUPS}somebody-elses"} | (set(old) - set(done.removed)) | (
        {one.key for one in backups.listed(desk.house.bucket)}
    )


def test_choosing() -> None:
    three = sorted(made(0, 1, 2), key=lambda one: one.taken)
    named = [Kept(keys.backup(one.taken, f"{number}" * 64), one.taken, "", 1) for number, one in enumerate(three)]
    assert choose(named, None) == named[2]
    assert choose(named, named[1].key) == choose(named, named[1].key.removeprefix(keys.BACKUPS)) == named[1]
    assert choose(named, iso(named[1].taken)) == named[1]
    assert choose(named, "2026-11-22 12:00") == named[1]  # in Shanghai, where the last is of the 23rd
    with pytest.raises(NotFound, match="there is no backup"):
        choose([], None)
