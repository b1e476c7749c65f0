"""The verb notify, over a catalogue that captures were read into."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import desks
import pytest
from alert_endpoints import Postbox, Receiver
from captured_pages import captured
from making_matters import PAGE

from alerts import outbox
from alerts.sealing import Keyring
from domain.settings import Settings
from pipeline.house import House
from pipeline.telling import Told, tell


@pytest.fixture
def house(database: str, postbox: Postbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A house without a bucket: telling never looks into one."""
    chosen = Settings(
        database=database, smtp=postbox.server, web=desks.WEB, state=tmp_path, webhook_allow="127.0.0.0/8"
    )
    monkeypatch.setattr(desks, "KEYRING", Keyring.load(chosen))
    with ExitStack() as stack:
        yield House(chosen, None, stack)


def seen(house: House, hours: float, body: str | None, title: str = "招商引资", url: str = PAGE) -> None:
    captured(house.catalogue, hours, body, title, url)


def test_the_way_of_a_change_to_its_subscribers(house: House, receiver: Receiver, postbox: Postbox) -> None:
    engine = house.catalogue.engine
    desks.hook(engine, receiver, "edits", query="type:edited")
    desks.mail(engine, name="money", query="亿元")
    seen(house, 1, "总投资2000万元。")
    assert tell(house) == Told(0, 0, 0, 0, 0)
    seen(house, 2, "总投资2000亿元。")
    assert tell(house) == Told(2, 2, 2, 0, 0)
    assert tell(house) == Told(0, 0, 0, 0, 0)
    assert [post.body["fields"][0]["after"] for post in receiver.posts] == ["总投资2000亿元。"]
    (message,) = postbox.messages
    assert all(part in message["Subject"] for part in ("改 edited", "2000万元→2000亿元", "招商引资"))
    seen(house, 3, None)
    seen(house, 4, None)
    assert tell(house) == Told(1, 1, 1, 0, 0)
    assert postbox.messages[-1]["Subject"].endswith("删 removed: 招商引资 · alpha")
    assert "该地址返回 404" in postbox.messages[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_typesetting_is_told_to_nobody(house: House, receiver: Receiver) -> None:
    seen(house, 1, "总投资2000万元,很好")
    desks.hook(house.catalogue.engine, receiver, "all")
    tell(house)
    seen(house, 2, "总投资２０００万元，很好")
    assert house.catalogue.changes()[0].cosmetic
    assert tell(house) == Told(0, 0, 0, 0, 0)


def test_a_late_capture_brings_a_change_of_an_earlier_time(house: House, receiver: Receiver) -> None:
    desks.hook(house.catalogue.engine, receiver, "all")
    seen(house, 5, "甲")
    assert tell(house).matched == 1
    seen(house, 3, "乙", url="http://commerce.example.cn/late")
    assert tell(house).matched == 1


def test_a_rebuild_tells_nothing_again(house: House, receiver: Receiver) -> None:
    desks.hook(house.catalogue.engine, receiver, "all")
    seen(house, 1, "甲")
    seen(house, 2, "乙")
    assert tell(house).delivered == 2
    house.catalogue.clear()
    seen(house, 1, "甲")
    seen(house, 2, "乙")
    assert tell(house) == Told(0, 0, 0, 0, 0)


def test_an_endpoint_that_is_down_is_not_an_error(house: House, receiver: Receiver) -> None:
    desks.hook(house.catalogue.engine, receiver, "all")
    receiver.stop()
    seen(house, 1, "甲")
    assert tell(house) == Told(1, 1, 0, 1, 0)
    assert tell(house) == Told(0, 0, 0, 1, 0)


def test_a_change_that_is_gone_between_two_looks_is_left_out(
    house: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    desks.hook(house.catalogue.engine, receiver, "all")
    seen(house, 1, "甲")
    real = outbox.untold(house.catalogue.engine)
    monkeypatch.setattr(outbox, "untold", lambda _: ("judged-away", *real))
    assert tell(house) == Told(1, 1, 1, 0, 0)
