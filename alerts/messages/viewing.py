"""From a payload to what its message says, in the order it says it."""

from collections.abc import Iterator, Sequence

from alerts.messages import words
from alerts.messages.happening import Said, happened, severity
from alerts.messages.safe import clean, cut, web_address
from alerts.messages.views import ChangeView, Copy, Foot, Ill, Piece, Reason, Spot
from alerts.messages.words import Word
from domain.clock import parse, shown

_TITLE, _NAME, _EXCERPT, _PART = 200, 80, 220, 200


def change_view(said: Said) -> ChangeView:
    """The view of a payload whose type is one of a change's."""
    return ChangeView(
        type=str(said["type"]),
        kind=words.TYPES.get(str(said["type"]), Word(clean(said["type"], 20), clean(said["type"], 20))),
        severity=severity(said),
        weight=words.weight(severity(said)),
        classes=tuple(words.CLASSES[one] for one in said.get("classes", ()) if one in words.CLASSES)[:3],
        title=clean(said.get("title"), _TITLE) or cut(_bare(said.get("url")), _TITLE),
        spots=tuple(_spot(one, diverged=said["type"] == "diverged") for one in said.get("places", ())),
        more_spots=int(said.get("more_places") or 0),
        happened=tuple(happened(said)),
        excerpt=clean(said.get("excerpt"), _EXCERPT),
        excerpt_is=Word("最后的正文", "its last text") if said["type"] == "removed" else Word("正文", "text"),
        site=clean(said.get("site_title") or said.get("site"), _NAME),
        region=clean(said.get("region"), _NAME),
        source=clean(said.get("source"), _NAME),
        published=time(said.get("published_at")),
        at=time(said.get("at")),
        numbers=tuple(clean(one, _NAME) for one in said.get("document_numbers", ())),
        notes=tuple(clean(one, 300) for one in said.get("notes", ())),
        more_notes=int(said.get("more_notes") or 0),
        copies=tuple(_copy(one) for one in said.get("also", ())),
        more_copies=int(said.get("more_also") or 0),
        is_compared=said.get("previous") is not None,
        link=web_address(said.get("link")),
        evidence=web_address(said.get("evidence_link")),
        page=web_address(said.get("url")),
        now_at=_moved_to(said),
        first=web_address(said.get("reprint_of")),
    )


def foot(said: Said) -> Foot:
    ill = said.get("health") or ()
    return Foot(
        tuple(_reasons(said)),
        tuple(_ill(one) for one in ill),
        int(said.get("more_health") or 0),
    )


def time(text: object) -> str:
    """An ISO time as people read it, in Asia/Shanghai; "" for none."""
    try:
        return shown(parse(str(text))) if text else ""
    except ValueError:
        return ""


def _spot(place: Said, *, diverged: bool) -> Spot:
    name = words.field(clean(place.get("field"), 40))
    if diverged:
        name = Word(f"{name.zh}（首发 → 此页）", f"{name.en} (first publisher → this copy)")
    pieces = tuple(_pieces(place.get("pieces") or ()))
    return Spot(name, pieces or (Piece(stayed=_part(place.get("text"))),))


def _pieces(pieces: Sequence[Sequence[str]]) -> Iterator[Piece]:
    """What went with what came in its place."""
    gone = ""
    for op, text in pieces:
        said = _part(text)
        if gone and op != "+":
            yield Piece(gone=gone)
        if op == "=":
            yield Piece(stayed=said)
        elif op == "+":
            yield Piece(gone=gone, come=said)
        gone = said if op == "-" else ""
    if gone:
        yield Piece(gone=gone)


def _part(text: object) -> str:
    """A part of a line: the blanks at its ends stay, and line breaks are shown."""
    said = str(text or "").replace("\n", " ¶ ")
    bare = clean(said, _PART)
    return f"{' ' * said[:1].isspace()}{bare}{' ' * said[-1:].isspace()}" if bare else bare


def _copy(one: Said) -> Copy:
    site = clean(one.get("site_title") or one.get("site"), _NAME)
    return Copy(site, clean(one.get("title"), _TITLE), web_address(one.get("link")))


def _ill(one: Said) -> Ill:
    why = Word(*(clean(one.get(side) or one.get("reason"), 200) for side in ("zh", "en")))
    state = words.HEALTH.get(str(one.get("state")), Word("", ""))
    stale = Word("久无抓取", "stale") if one.get("stale") else state
    return Ill(clean(one.get("title") or one.get("site"), _NAME), stale, why)


def _reasons(said: Said) -> Iterator[Reason]:
    named: Sequence[Said] = said.get("subscriptions") or ()
    for one in named:
        yield Reason(clean(one.get("name"), _NAME), web_address(one.get("link")))
    if not named and said.get("subscription"):
        yield Reason(clean(said["subscription"], _NAME), "")


def _bare(url: object) -> str:
    """An address for want of a title, without what every address begins with."""
    return web_address(url).partition("://")[2]


def _moved_to(said: Said) -> str:
    if said["type"] != "moved":
        return ""
    found = (edit.get("after") for edit in said.get("fields", ()) if edit.get("name") == "url")
    return web_address(next(found, ""))
