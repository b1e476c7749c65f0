"""Articles from a grammar: another text for every number, the same for the same seed."""

from datetime import datetime, timedelta
from random import Random

from bench.paper import words
from bench.paper.model import Article, Facts, File

_FIRST = datetime(2025, 1, 6, 8, 30)  # noqa: DTZ001 - as pages print it
_UNITS = ("万元", "亿元")


def article(seed: int, number: int, folder: str) -> Article:
    """The article of a number; its files lie under `folder` ("/files/")."""
    chance = Random(f"{seed}/{number}")
    place, matter = chance.choice(words.PLACES), chance.choice(words.MATTERS)
    facts = _facts(chance, place, number)
    meeting = chance.choice(words.MEETINGS)
    title = f"{place}市{chance.choice(words.VERBS)}{matter}{meeting}第{number + 1}次工作"
    paper = chance.choice(words.PAPERS).format(place=place, matter=matter)
    paragraphs = [
        _opening(chance, facts, place, matter, meeting),
        _money(chance, facts),
        f"根据{paper}（{facts.number}），本轮{matter}工作覆盖{chance.randint(3, 19)}个{chance.choice(words.UNITS)}。",
        _duty(chance, facts),
        *(filler(chance) for _ in range(chance.randint(3, 7))),
        f"联系人：{name(chance)}，电话：0{chance.randint(310, 999)}-{chance.randint(2000000, 8999999)}。",
    ]
    published = _FIRST + timedelta(hours=7 * number % 6000, minutes=chance.randint(0, 59))
    return Article(
        title=title,
        published=published,
        source=chance.choice(words.SOURCES),
        author=name(chance),
        editor=name(chance),
        facts=facts,
        paragraphs=tuple(paragraphs),
        files=(attachment(chance, folder, number, 1),) if number // 8 % 2 == 0 else (),
        image=f"/images/{number}.png",
    )


def _facts(chance: Random, place: str, number: int) -> Facts:
    year = chance.choice((2024, 2025))
    return Facts(
        amount=f"{chance.randint(12, 980) * 10}{chance.choice(_UNITS)}",
        deadline=f"{year + 1}年{chance.randint(1, 12)}月{chance.randint(1, 27)}日",
        number=f"{place[0]}{chance.choice(words.SIGNS)}〔{year}〕{number + 1}号",
        person=name(chance),
        agency=f"{place}市{chance.choice(words.OFFICES)}",
        duty=chance.choice(words.DUTIES),
    )


def _opening(chance: Random, facts: Facts, place: str, matter: str, meeting: str) -> str:
    day = f"{chance.randint(1, 12)}月{chance.randint(1, 28)}日"
    post = chance.choice(words.POSTS)
    return (
        f"{day}，{place}市召开{matter}{meeting}，{facts.agency}{post}{facts.person}出席并讲话，"
        f"{chance.choice(words.SUBJECTS)}参加会议。会议听取了{chance.choice(words.TRADES)}有关情况汇报，"
        f"研究了{chance.choice(words.TASKS)}事项。"
    )


def _money(chance: Random, facts: Facts) -> str:
    return (
        f"今年以来，全市{chance.choice(words.TRADES)}产业完成投资{facts.amount}，"
        f"同比增长{chance.randint(11, 399) / 10}%，"
        f"其中{chance.choice(words.TRADES)}领域占{chance.randint(5, 60)}%，带动就业{chance.randint(200, 9800)}人。"
    )


def _duty(chance: Random, facts: Facts) -> str:
    return (
        f"各{chance.choice(words.UNITS)}{facts.duty}在{facts.deadline}之后申请{chance.choice(words.TASKS)}延期，"
        f"逾期未办理的，由{facts.agency}收回{chance.choice(words.FUNDS)}。"
    )


def filler(chance: Random) -> str:
    """A paragraph that says nothing of weight."""
    said = [
        f"{chance.choice(words.OPENINGS)}，{chance.choice(words.PLACES)}的{chance.choice(words.SUBJECTS)}"
        f"用{chance.randint(2, 90)}天{chance.choice(words.DEEDS)}，{chance.choice(words.RESULTS)}。"
        for _ in range(chance.randint(1, 3))
    ]
    return "".join(said)


def name(chance: Random) -> str:
    return chance.choice(words.FAMILY) + chance.choice(words.GIVEN)


def attachment(chance: Random, folder: str, number: int, which: int, edition: int = 1) -> File:
    """A small PDF; another `edition` has other bytes under the same name."""
    said = f"{number}-{which}-{edition}-{chance.randint(0, 10**9)}"
    body = f"%PDF-1.4\n1 0 obj\n<< /Title ({said}) >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n".encode()
    return File(f"{folder}{number}_{which}.pdf", f"附件{which}：申报表（第{number}号）.pdf", body)
