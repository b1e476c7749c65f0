"""A large catalogue made up inside PostgreSQL by bench/scale.sql; nothing of it is kept anywhere.

Texts are put together from a few dozen words of ours; every article names one person of twenty thousand, so that
there are words that are everywhere and words that are nearly nowhere.
"""

import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.schema import CreateIndex

from bench.saying import say
from catalogue import Catalogue, schema
from catalogue.text import folded, grams
from domain.article import Article, Block

_TEXTS, _NAMES = 400, 20_000
_MADE = (schema.captures, schema.articles, schema.pages, schema.versions, schema.changes)
_WORDS = """
    全市 商务 工作 会议 召开 项目 投资 招商引资 外贸 进出口 增长 同比 企业 园区 开工 建设 数字经济 消费 市场 促进
    平台 服务 优化 营商环境 改革 创新 发展 高质量 产业链 供应链 物流 跨境电商 综试区 保税 展会 签约 总投资 亿元
    万元 完成 目标 计划 部署 落实 责任 措施 安全 生产 督导 检查 调研 座谈 交流 合作 区县 街道 乡镇 农村 农产品
"""
_FIRST_SIGN, _SIGNS = 0x7384, 160


def fill(catalogue: Catalogue, pages: int) -> None:
    """Makes `pages` pages with ten captures each. The tables must be empty."""
    with _step(catalogue, "texts") as connection:
        _drop_indexes(connection)
        _texts(connection)
    for name, statements in _steps(pages):
        with _step(catalogue, name) as connection:
            connection.exec_driver_sql(statements)
    with _step(catalogue, "indexes") as connection:
        _make_indexes(connection)
    with catalogue.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


class _step:
    """One transaction, and how long it took."""

    def __init__(self, catalogue: Catalogue, name: str) -> None:
        self._transaction, self._name, self._start = catalogue.engine.begin(), name, time.perf_counter()

    def __enter__(self) -> Connection:
        connection = self._transaction.__enter__()
        connection.execute(text("SET LOCAL maintenance_work_mem = '1GB'; SET LOCAL work_mem = '256MB'"))
        return connection

    def __exit__(self, *error: object) -> None:
        self._transaction.__exit__(*error)  # type: ignore[arg-type]
        say(f"  made: {self._name}, {time.perf_counter() - self._start:.0f} s")


def _steps(pages: int) -> Iterator[tuple[str, str]]:
    values = {"{pages}": pages, "{texts}": _TEXTS, "{names}": _NAMES, "{skeleton}": _skeleton()}
    for part in Path(__file__).with_name("scale.sql").read_text(encoding="utf-8").split("-- step: ")[1:]:
        name, statements = part.split("\n", 1)
        for place, value in values.items():
            statements = statements.replace(place, str(value))
        yield name, statements.replace("%", "%%")


def _skeleton() -> str:
    """An article as `articles.body` has it."""
    article = Article(title="〇", body=(Block(text="〇"),))
    return json.dumps(article.model_dump(mode="json", exclude={"text", "digest"}), ensure_ascii=False)


def _drop_indexes(connection: Connection) -> None:
    for table in _MADE:
        for index in table.indexes:
            connection.execute(text(f"DROP INDEX {index.name}"))
        connection.execute(text(f"ALTER TABLE {table.name} DROP CONSTRAINT {table.name}_pkey"))


def _make_indexes(connection: Connection) -> None:
    for table in _MADE:
        keys = ", ".join(column.name for column in table.primary_key.columns)
        connection.execute(text(f"ALTER TABLE {table.name} ADD PRIMARY KEY ({keys})"))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            connection.execute(CreateIndex(index))


def _texts(connection: Connection) -> None:
    """What articles are made of: texts with their pairs of characters, and names with theirs."""
    connection.execute(text("CREATE UNLOGGED TABLE bench_texts (n int, body text, folded text, grams int[])"))
    connection.execute(text("CREATE UNLOGGED TABLE bench_names (n int, name text, grams int[])"))
    chance = random.Random(7)
    bodies = [(n, body, folded(body)) for n, body in enumerate(_bodies(chance))]
    values = [{"n": n, "body": body, "folded": plain, "grams": grams(plain)} for n, body, plain in bodies]
    connection.execute(text("INSERT INTO bench_texts VALUES (:n, :body, :folded, :grams)"), values)
    pairs = chance.sample(range(_SIGNS**2), _NAMES)
    names = [{"n": n, "name": name, "grams": grams(name)} for n, name in enumerate(map(a_name, pairs))]
    connection.execute(text("INSERT INTO bench_names VALUES (:n, :name, :grams)"), names)
    connection.execute(text("CREATE INDEX ON bench_texts (n); CREATE INDEX ON bench_names (n); ANALYZE"))


def _bodies(chance: random.Random) -> Iterator[str]:
    for _ in range(_TEXTS):
        lines = ("".join(chance.choices(_WORDS.split(), k=18)) + "。" for _ in range(8))
        yield "\n".join(lines)


def a_name(number: int) -> str:
    """A name of two characters that the words above have not; four of five are somebody's."""
    first, second = divmod(number % _SIGNS**2, _SIGNS)
    return chr(_FIRST_SIGN + first) + chr(_FIRST_SIGN + second)
