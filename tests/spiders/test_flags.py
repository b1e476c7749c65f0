"""What a capture says of how it was come by."""

from collections.abc import Iterator

import pytest
from scrapy.http import Request, Response

from domain.clock import now
from domain.settings import settings
from spiders.recording import exchange


@pytest.fixture
def led(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TONGJIAN_CONNECT_TO", "replaced.example:443:127.0.0.1:8402")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.usefixtures("led")
@pytest.mark.parametrize(
    ("url", "flagged"),
    [("https://replaced.example/1", True), ("http://replaced.example/1", False), ("https://real.example/1", False)],
)
def test_only_what_was_led_elsewhere_is_flagged(url: str, flagged: bool) -> None:
    request = Request(url, meta={"asked_at": now()})
    assert ("connect-to" in exchange(request, Response(url, body=b"x")).flags) is flagged
