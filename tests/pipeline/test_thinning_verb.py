"""The verb thin over a whole house: by the setting, as a dry run, and as a backup brings it back."""

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from backup_houses import Desk, Receiver, carry_key, tables
from newspaper import SITE
from sqlalchemy import text

sys.path.append(str(Path(__file__).parent.parent / "failures"))
from commands import Workplace, workplace

from alerts import ledger
from catalogue.connection import transaction
from domain.clock import now
from pipeline.backing_up import backup
from pipeline.embedded.shared import Endpoints
from pipeline.house import House
from pipeline.rebuilding import rebuild
from pipeline.restoring import restore
from pipeline.telling import tell
from pipeline.thinning import Done, thin

Another = Callable[[], House]


def aged(desk: Desk, receiver: Receiver) -> None:
    """What was delivered was delivered 91 days ago."""
    desk.fill(receiver)
    with transaction(desk.engine) as connection:
        connection.execute(text("UPDATE deliveries SET delivered_at = delivered_at - interval '91 days'"))


def test_it_goes_by_the_setting(desk: Desk, receiver: Receiver) -> None:
    aged(desk, receiver)
    before = desk.rows()
    forever = House(desk.house.settings.model_copy(update={"keep_messages": 0}), desk.house.keys, desk.house.stack)
    assert thin(forever) == Done(None)
    assert thin(desk.house, 92).messages == 0
    would = thin(desk.house, dry=True)
    assert desk.rows() == before
    done = thin(desk.house)
    assert would.messages == done.messages == 1
    assert would.before is not None
    assert now() - would.before >= timedelta(days=90)
    after = desk.rows()
    assert {name for name in after if after[name] != before[name]} == {"deliveries"}


def test_a_backup_brings_thinned_messages_back_as_they_were(desk: Desk, receiver: Receiver, another: Another) -> None:
    aged(desk, receiver)
    thin(desk.house)
    expected = desk.rows()
    backup(desk.house)
    house = another()
    restore(house)
    assert tables(house) == expected
    assert thin(house, dry=True).messages == 0


def test_nothing_is_told_again_after_a_rebuild_and_a_backup_from_before_it(
    desk: Desk, receiver: Receiver, another: Another
) -> None:
    aged(desk, receiver)
    tell(desk.house)
    backup(desk.house)
    thin(desk.house)
    posts = len(receiver.posts)
    house = another()
    carry_key(desk.house, house)
    rebuild(house, {SITE.name: SITE})
    restore(house)
    waiting = ledger.waiting(house.catalogue.engine)
    assert tell(house).matched == 0
    assert ledger.waiting(house.catalogue.engine) == waiting
    assert len(receiver.posts) == posts
    assert thin(house).messages == 1


@pytest.fixture(scope="module")
def place(endpoints: Endpoints, tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    return workplace(endpoints, tmp_path_factory.mktemp("thinning"))


def test_as_a_command(place: Workplace) -> None:
    said = place.run("thin", "--dry-run", "--json").json
    assert (said["messages"], said["bytes"], said["dry_run"]) == (0, 0, True)
    assert "0 messages thinned" in place.run("thin", "--days", "30").out
    kept = place.run("thin", "--days", "0", "--json").json
    assert (kept["before"], kept["messages"]) == (None, 0)
