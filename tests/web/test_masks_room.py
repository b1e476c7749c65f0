"""/masks: what was learned to move by itself, with its samples and the captures that showed it."""

from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from catalogue import Catalogue, upheavals
from catalogue.connection import transaction
from domain.mask import MaskRule

AT = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
RULES = [
    MaskRule(
        site="alpha",
        kind="shape",
        value="本页已第#次打开 <b>",
        samples=("本页已第700次打开 <b>", "本页已第701次打开 <b>"),
        evidence=("a" * 64, "b" * 64),
        learned=AT,
    ),
    MaskRule(site="alpha", kind="after", value="大家都在看", evidence=("c" * 64,), learned=AT),
    MaskRule(site="alpha", kind="never", value="^温馨提示", learned=AT),
]


@pytest.fixture
def ruled(catalogue: Catalogue) -> Catalogue:
    with transaction(catalogue.engine) as connection:
        upheavals.put_masks(connection, "alpha", RULES)
    return catalogue


def test_each_rule_is_shown_with_what_taught_it(ruled: Catalogue, client: TestClient) -> None:
    page = client.get("/masks")
    assert page.status_code == 200
    for text in ("本页已第#次打开 &lt;b&gt;", "本页已第701次打开", "大家都在看", "^温馨提示", "2026-03-01 10:00"):
        assert text in page.text, text
    assert f'href="/capture/{"a" * 64}"' in page.text
    assert "尚未学到" in page.text, "of the other sites"


def test_the_rules_are_kept_as_they_were_put(ruled: Catalogue) -> None:
    assert sorted(ruled.masks("alpha"), key=lambda rule: rule.kind) == sorted(RULES, key=lambda rule: rule.kind)
    assert ruled.masks("beta") == ()
