"""Articles and reprints of them, made from numbers: the same ones each time."""

import random
from collections.abc import Sequence
from functools import lru_cache

import opencc

from domain.article import Article, Block

KINDS = ("retitled", "half", "cut", "pinyin", "note", "edited", "notice")
# Common simplified characters: the whole rows of level 1 of GB/T 2312.
_SIGNS = bytes(byte for high in range(0xB0, 0xD7) for low in range(0xA1, 0xFF) for byte in (high, low)).decode("gb2312")
_WORDS = 6_000
_FORM = (
    "根据有关规定，现将拟任职人选{a}的有关情况公示如下。{a}，{n}年{m}月出生，大学学历，现任科长，拟任副局长。"
    "公示期自{m}月{d}日起，共五个工作日。公示期间如有异议，请以书面形式反映，并签署真实姓名。"
    "反映情况应当实事求是、客观公正，对线索不清的匿名电话和匿名信，不予受理。受理部门为人事科。"
)
_PHRASES = (
    "会议强调，要提高政治站位，切实把思想和行动统一到决策部署上来，压紧压实各方责任，确保各项工作落到实处。",
    "各级各部门要加强组织领导，明确责任分工，强化督导检查，营造全社会关心支持的浓厚氛围。",
    "下一步，将继续优化营商环境，提升服务效能，为经济社会高质量发展作出新的更大贡献。",
)


def is_form(number: int) -> bool:
    """One in ten is one form filled in."""
    return number % 10 == 9


def article(number: int) -> Article:
    """Of 150 to 2,500 characters, every fourth paragraph with a sentence that all officials say."""
    chosen = random.Random(number)
    return _form(chosen) if is_form(number) else _told(chosen)


def _told(chosen: random.Random) -> Article:
    wanted = chosen.choice((150, 400, 800, 1200, 2500))
    paragraphs: list[str] = []
    while sum(map(len, paragraphs)) < wanted:
        sentences = ("".join(chosen.choices(_words(), k=12)) + f"{chosen.randint(2, 9999)}万元。" for _ in range(4))
        paragraphs.append("".join(sentences) + (chosen.choice(_PHRASES) if chosen.random() < 0.25 else ""))
    return _made(paragraphs, "".join(chosen.choices(_words(), k=6)))


@lru_cache(maxsize=1)
def _words() -> list[str]:
    chosen = random.Random(7)
    return ["".join(chosen.choices(_SIGNS, k=chosen.choice((1, 2, 2, 2, 3, 4)))) for _ in range(_WORDS)]


def _form(chosen: random.Random) -> Article:
    who = "".join(chosen.choices(_SIGNS, k=3))
    said = {"a": who, "n": chosen.randint(1970, 1999), "m": chosen.randint(1, 12), "d": chosen.randint(1, 28)}
    return _made([_FORM.format(**said)], f"{who}任前公示")


def _made(paragraphs: Sequence[str], title: str) -> Article:
    return Article(title=title, body=tuple(Block(text=one) for one in paragraphs))


def reprint(number: int, kind: str) -> Article:
    """A copy of an article, with another headline: its first half, a paragraph cut, …; `edited` has one other unit,
    `notice` is a form that was filled in."""
    original = article(number)
    return _made(_copied([block.text for block in original.body], kind), "另拟标题" + (original.title or "")[:4])


def _copied(said: list[str], kind: str) -> list[str]:
    match kind:
        case "half":
            return said[: (len(said) + 1) // 2]
        case "cut":
            return [*said[:1], *said[2:]]
        case "pinyin":
            return [_with_readings(one) for one in said]
        case "note":
            return ["编者按：本网转载此文，供读者参考，不代表本网观点。", *said, "责任编辑：某某"]
        case "edited":
            return [said[0].replace("万元", "亿元", 1), *said[1:]]
        case _:
            return said


def _with_readings(text: str) -> str:
    turned = opencc.OpenCC("s2t").convert(text)
    read = (place % 23 == 5 and sign >= "\u4e00" for place, sign in enumerate(turned))
    return "".join(sign + "(gāi)" if is_read else sign for sign, is_read in zip(turned, read, strict=True))
