"""Subject lines: one line of at most 78 columns (RFC 5322, 2.1.1, of columns instead of characters)."""

from alerts.messages.digests import DigestView
from alerts.messages.notices import NoticeView
from alerts.messages.safe import fitted, flat, width
from alerts.messages.views import ChangeView, Piece
from alerts.messages.words import Language, Word

COLUMNS = 78
_HOUSE = Word("通鉴", "Tongjian")
_GRAVE = {5: Word("紧要", "URGENT"), 4: Word("重要", "important")}
# A place that stands in the subject before the title takes no more than this.
_SPOT = 30


def change_subject(view: ChangeView, language: Language) -> str:
    """`[通鉴 紧要] 改 edited: 2000万元→2000亿元 招商引资项目开工 · 山东省商务厅`."""
    head = f"{_house(view.severity, language)} {view.kind.said(language)}: "
    spot = _spot(view) if view.severity >= 5 else ""
    body = " ".join(filter(None, (spot, view.title)))
    return _line(head + body, f" · {view.site}" if view.site else "")


def digest_subject(view: DigestView, language: Language) -> str:
    head = _house(view.severity, language)
    part = f" ({view.part})" if view.part else ""
    if language == "both":
        return _line(f"{head} {view.headline.zh}{part}", f" | {view.headline.en}")
    return _line(f"{head} {view.headline.said(language)}{part}", "")


def notice_subject(view: NoticeView, language: Language) -> str:
    head = f"{_house(4 if view.grave else 1, language)} {view.kind.said(language)}: "
    if language == "both":
        return _line(head + view.headline.zh, f" | {view.headline.en}")
    return _line(head + view.headline.said(language), "")


def _house(severity: int, language: Language) -> str:
    said: Language = "en" if language == "en" else "zh"
    grave = _GRAVE.get(severity)
    return f"[{_HOUSE.said(said)}{f' {grave.said(said)}' if grave else ''}]"


def _spot(view: ChangeView) -> str:
    """What became what, where that is short: of several places the first with a number in it."""
    pieces = [one for spot in view.spots for one in spot.pieces if one.gone and one.come]
    whole = [one for one in pieces if width(_arrow(one)) <= _SPOT]
    counted = [one for one in whole if any(sign.isdigit() for sign in one.gone + one.come)]
    return _arrow((counted or whole)[0]) if whole else ""


def _arrow(piece: Piece) -> str:
    return f"{piece.gone.strip()}→{piece.come.strip()}"


def _line(text: str, extra: str) -> str:
    """The text, with what may stand behind it where there is room."""
    head, sign, rest = text.partition("] ")
    whole = f"{head}{sign}{flat(rest)}"
    longer = whole + flat(extra)
    return longer if width(longer) <= COLUMNS else fitted(whole, COLUMNS)
