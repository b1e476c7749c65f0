"""Queries tried by scripts before they are saved."""

from typing import Annotated, Any

from fastapi import APIRouter

from web.desk.api import shapes
from web.desk.api.wanted import Past, Plain, Question, Test
from web.desk.signed import ByToken

router = APIRouter(prefix="/api/subscriptions")


@router.post("/explain")
def explain(asker: ByToken, asked: Annotated[Question, Plain]) -> dict[str, str]:
    """The query as a sentence; 422 with the `position` where it stops making sense."""
    return asker.desk.explain(asked.query).model_dump()


@router.post("/test")
def test(asker: ByToken, asked: Annotated[Test, Plain]) -> dict[str, Any]:
    """The query held against the last change of a page."""
    return asker.desk.test(asked.query, asked.url).model_dump()


@router.post("/backtest")
def backtest(asker: ByToken, asked: Annotated[Past, Plain]) -> dict[str, Any]:
    """What the query would have told in the last days."""
    with asker.slots.taken():
        found = asker.desk.backtest(
            asked.query,
            days=asked.days,
            rhythm=asked.rhythm,
            seconds=asked.seconds,
            timing=asked.timing,
            vias=asked.via,
            language=asked.language,
        )
    return shapes.backtest(found)
