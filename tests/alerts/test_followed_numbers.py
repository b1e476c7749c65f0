"""Following a document by its number: in any form, whatever a page does to it, said in the message."""

import pytest
from making_matters import LATER, matter
from sqlalchemy import Engine

from alerts import Matter, Subscription, Via, matches, subscriptions
from alerts.numbers import followed
from alerts.payload import payload
from domain.article import Article, Block
from domain.errors import ConfigurationError
from parsers.citing import citations

NUMBER = "云政办发〔2017〕7号"


def about(title: str, *lines: str) -> Matter:
    read = Article(title=title, body=tuple(Block(text=line) for line in lines))
    made = matter(title, read.text)
    return Matter(made.change, made.title, made.text, citations(read))


def subscription(*words: str) -> Subscription:
    return Subscription("s1", "desk", Via.WEBHOOK, "http://127.0.0.1/", LATER, words=words)


def heard(item: Matter, *words: str) -> bool:
    return matches(subscription(*words), item.change, item.title, item.text, item.citations)


REPEALED = about("关于甲事的通知", f"本通知自今日起施行，{NUMBER}同时废止。")


@pytest.mark.parametrize(
    "word",
    [
        f"number:{NUMBER}",
        "number:云政办发[2017]7号",
        "NUMBER： 云政办发（2017）第7号 ",
        "文号:云政办发【２０１７】７号",
        "文号：云政办发 2017 7",
    ],
)
def test_a_number_is_followed_in_any_form(word: str) -> None:
    assert heard(REPEALED, word)
    assert not heard(REPEALED, word.replace("7号", "70号").replace("７号", "８号").replace("2017 7", "2017 8"))


def test_the_document_itself_and_what_cites_it() -> None:
    assert heard(about("关于甲事的通知", NUMBER, "正文。"), f"number:{NUMBER}")
    assert heard(about("开工", f"按照{NUMBER}执行。"), f"number:{NUMBER}")
    assert not heard(about("开工", "无文号。"), f"number:{NUMBER}")


def test_other_words_narrow_still() -> None:
    assert heard(REPEALED, f"number:{NUMBER}", "甲事")
    assert not heard(REPEALED, f"number:{NUMBER}", "乙事")
    assert not heard(REPEALED, "云政办发[2017]7号"), "a plain word is a plain word"


def test_the_message_says_what_is_done_to_it() -> None:
    said = payload(REPEALED, subscription(f"number:{NUMBER}"), "http://room.example.cn")["summary"]
    assert said.splitlines()[0] == f"废止 repeals {NUMBER}: 本通知自今日起施行，{NUMBER}同时废止。"
    assert (
        NUMBER not in payload(REPEALED, subscription("甲事"), "http://room.example.cn")["summary"].splitlines()[0][:20]
    )


def test_what_is_no_number_is_said_at_once(source: Engine) -> None:
    assert followed("招商引资") is None
    with pytest.raises(ConfigurationError, match="no document number"):
        subscriptions.add(source, "desk", Via.WEBHOOK, "http://127.0.0.1/", words=["number:甲乙"])
    made = subscriptions.add(source, "desk", Via.WEBHOOK, "http://127.0.0.1/", words=[f"number:{NUMBER}"])
    assert made.words == (f"number:{NUMBER}",)
