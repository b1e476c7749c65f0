"""A large catalogue made up inside PostgreSQL by bench/scale.sql; nothing of it is kept anywhere.

Texts are put together from a few dozen words of ours; every article names one person of twenty thousand, so that
there are words that are everywhere and words that are nearly nowhere.
"""

import json
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Table, text
from sqlalchemy.schema import CreateIndex

from bench.saying import say
from catalogue import Catalogue, schema
from catalogue.text import folded, grams
from domain.article import Article, Block
from domain.site import Entry, Site
from pipeline.embedded import postgres
from pipeline.readers import reader_of

# The largest of them, the one that is read and compared; its reader is everybody's, as their files say nothing of it.
SITE = Site(
    name="site00",
    title="bench",
    homepage="http://www.site0.example.cn/",
    entries=(Entry(url="http://www.site0.example.cn/list/"),),
    article=r"/art_\d+\.html$",
)
ENDED = "2026-08-24T00:00Z"  # six hundred days after the first page
_TEXTS, _NAMES, _COUNTIES = 400, 20_000, 200
_MADE = (schema.captures, schema.articles, schema.pages, schema.versions, schema.changes, schema.runs)
# What each of two connections makes at the same time: tables, then their indexes.
_LANES = (
    (("captures",), (schema.captures,)),
    (
        ("versions, changes, runs", "articles"),
        (schema.runs, schema.articles, schema.versions, schema.changes, schema.pages),
    ),
)
_WHILE_FILLING = {
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "fsync": "off",
    "max_wal_size": "'16GB'",
    "max_parallel_maintenance_workers": "0",
    "autovacuum": "off",
}
_WORDS = """
    全市 商务 工作 会议 召开 项目 投资 招商引资 外贸 进出口 增长 同比 企业 园区 开工 建设 数字经济 消费 市场 促进
    平台 服务 优化 营商环境 改革 创新 发展 高质量 产业链 供应链 物流 跨境电商 综试区 保税 展会 签约 总投资 亿元
    万元 完成 目标 计划 部署 落实 责任 措施 安全 生产 督导 检查 调研 座谈 交流 合作 区县 街道 乡镇 农村 农产品
"""
_FIRST_SIGN, _SIGNS = 0x7384, 160


@contextmanager
def large(folder: Path, pages: int) -> Iterator[Catalogue]:
    """A catalogue of `pages` pages with ten captures each, in an embedded server of its own in `folder`; it is asked
    with the server's settings as they come."""
    try:
        with _served(folder) as catalogue:
            catalogue.upgrade()
            _settings(catalogue, _WHILE_FILLING)
        with _served(folder) as catalogue:
            _fill(catalogue, pages)
            _settings(catalogue, dict.fromkeys(_WHILE_FILLING, "DEFAULT"))
        with _served(folder) as catalogue:
            yield catalogue
    finally:
        postgres.stop(folder)


@contextmanager
def _served(folder: Path) -> Iterator[Catalogue]:
    postgres.start(folder)
    with Catalogue(postgres.address(folder)) as catalogue:
        yield catalogue
    postgres.stop(folder, patience=120)


def _settings(catalogue: Catalogue, values: dict[str, str]) -> None:
    with catalogue.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for name, value in values.items():
            connection.execute(text(f"ALTER SYSTEM SET {name} = {value}"))


def _fill(catalogue: Catalogue, pages: int) -> None:
    steps = dict(_steps(pages))
    with _step(catalogue, "texts") as connection:
        for table in _MADE:
            _drop_indexes(connection, table)
        _texts(connection)
    _run(catalogue, steps, ("pages",))
    with ThreadPoolExecutor(len(_LANES)) as pool:
        for lane in [pool.submit(_lane, catalogue, steps, *lane) for lane in _LANES]:
            lane.result()
    _run(catalogue, steps, ("totals",))


def _lane(catalogue: Catalogue, steps: dict[str, str], names: tuple[str, ...], tables: tuple[Table, ...]) -> None:
    _run(catalogue, steps, names)
    for table in tables:
        with _step(catalogue, f"indexes of {table.name}") as connection:
            _make_indexes(connection, table)
    with catalogue.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in tables:
            connection.execute(text(f"VACUUM ANALYZE {table.name}"))


def _run(catalogue: Catalogue, steps: dict[str, str], names: tuple[str, ...]) -> None:
    for name in names:
        with _step(catalogue, name) as connection:
            connection.exec_driver_sql(steps[name])


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
    values = {
        "{pages}": pages,
        "{texts}": _TEXTS,
        "{names}": _NAMES,
        "{counties}": _COUNTIES,
        "{ended}": ENDED,
        "{reader}": reader_of(SITE),
        "{skeleton}": _skeleton(),
    }
    for part in Path(__file__).with_name("scale.sql").read_text(encoding="utf-8").split("-- step: ")[1:]:
        name, statements = part.split("\n", 1)
        for place, value in values.items():
            statements = statements.replace(place, str(value))
        yield name, statements.replace("%", "%%")


def _skeleton() -> str:
    """An article as `articles.body` has it."""
    article = Article(title="〇", body=(Block(text="〇"),))
    return json.dumps(article.model_dump(mode="json", exclude={"text", "digest"}), ensure_ascii=False)


def _drop_indexes(connection: Connection, table: Table) -> None:
    for index in table.indexes:
        connection.execute(text(f"DROP INDEX {index.name}"))
    connection.execute(text(f"ALTER TABLE {table.name} DROP CONSTRAINT {table.name}_pkey"))


def _make_indexes(connection: Connection, table: Table) -> None:
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
    pairs = chance.sample(range(_SIGNS**2), _NAMES + _COUNTIES)
    names = [{"n": n, "name": name, "grams": grams(name)} for n, name in enumerate(map(a_name, pairs))]
    connection.execute(text("INSERT INTO bench_names VALUES (:n, :name, :grams)"), names)
    connection.execute(text("CREATE INDEX ON bench_texts (n); CREATE INDEX ON bench_names (n); ANALYZE"))


def _bodies(chance: random.Random) -> Iterator[str]:
    for _ in range(_TEXTS):
        lines = ("".join(chance.choices(_WORDS.split(), k=18)) + "。" for _ in range(8))
        yield "\n".join(lines)


def counties() -> list[str]:
    """Words of two characters that one article in two hundred has each."""
    chance = random.Random(7)
    list(_bodies(chance))
    return [a_name(number) for number in chance.sample(range(_SIGNS**2), _NAMES + _COUNTIES)[_NAMES:]]


def a_name(number: int) -> str:
    """A name of two characters that the words above have not; four of five are somebody's."""
    first, second = divmod(number % _SIGNS**2, _SIGNS)
    return chr(_FIRST_SIGN + first) + chr(_FIRST_SIGN + second)
