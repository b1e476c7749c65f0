"""Following a document by its number: in any form, whatever a page does to it, said in the message."""

import pytest
from alert_endpoints import Receiver
from desks import hook, put, sent
from making_matters import matter
from sqlalchemy import Engine

from alerts.kinds import Matter
from alerts.listening import document
from alerts.query import QueryError, from_words, holds, parse
from domain.article import Article, Block
from parsers.citing import citations

NUMBER = "云政办发〔2017〕7号"


def about(title: str, *lines: str) -> Matter:
    read = Article(title=title, body=tuple(Block(text=line) for line in lines))
    made = matter(title, read.text)
    return Matter(made.change, made.title, made.text, citations(read))


def heard(item: Matter, *words: str) -> bool:
    return holds(parse(from_words(words)), document(item))


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


def test_the_message_says_what_is_done_to_it(source: Engine, receiver: Receiver) -> None:
    hook(source, receiver, query=f"文号：{NUMBER}")
    hook(source, receiver, "another", query="甲事")
    put(source, REPEALED)
    sent(source)
    (post,) = receiver.posts
    assert post.body["notes"] == [f"废止 repeals {NUMBER}: 本通知自今日起施行，{NUMBER}同时废止。"]
    assert post.body["summary"].splitlines()[0] == post.body["notes"][0]


def test_who_does_not_follow_it_is_not_told_what_is_done_to_it(source: Engine, receiver: Receiver) -> None:
    hook(source, receiver, query="甲事")
    put(source, REPEALED)
    sent(source)
    assert receiver.posts[0].body["notes"] == []


def test_what_is_no_number_is_said_at_once() -> None:
    with pytest.raises(QueryError):
        parse("number:甲乙")
