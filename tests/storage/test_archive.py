"""Reading the bucket: answers as served, indexes of any size, runs, articles read."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from making import RUN, SITE, START, acknowledged, body_of, committed, exchange, overwrite, remove, sealed, write

from domain.article import Article, Attachment, Block, Precision, Provenance
from domain.capture import Issue, Reference, RunSummary
from domain.errors import Conflict, IntegrityError, NotFound
from storage import Archive, Bucket, keys
from storage.ledger import Ledger

ARTICLE = Article(
    title="我市出台商贸流通若干措施",
    published_at=datetime(2026, 2, 27, 1, 30, tzinfo=UTC),
    published_precision=Precision.MINUTE,
    authors=("甲", "乙"),
    body=(Block(text="第一段。"), Block(kind="image", src="http://alpha.example.cn/1.png")),
    document_numbers=("某发〔2026〕1号",),
    attachments=(Attachment(href="http://alpha.example.cn/1.pdf", name="附件"),),
    provenance={"title": Provenance(where="h1", confidence=0.9)},
)


def test_sites_are_those_that_have_a_ledger(bucket: Bucket, tmp_path: Path) -> None:
    assert Archive(bucket).sites() == ()
    for site in ("beta-2", "alpha"):
        write(bucket, tmp_path, [exchange(1, site=site)], site=site)
    assert Archive(bucket).sites() == ("alpha", "beta-2")


def test_an_answer_comes_back_as_it_was_served(bucket: Bucket, tmp_path: Path) -> None:
    headers = ((b"Content-Type", b"text/html"), (b"Set-Cookie", b"a=\xe9"), (b"Set-Cookie", b"b=\x91"))
    page = exchange(2, status=404, reason="Not Found", response_headers=headers, body="没有了".encode("gb18030"))
    write(bucket, tmp_path, [exchange(1), page, exchange(3, body=b"")])
    first, second, third = acknowledged(bucket)
    archive = Archive(bucket)
    assert archive.answer(first).payload == body_of(first.url)
    answer = archive.answer(second)
    assert answer.status_line == "HTTP/1.1 404 Not Found"
    assert answer.headers == (("Content-Type", "text/html"), ("Set-Cookie", "a=é"), ("Set-Cookie", "b=\x91"))
    assert answer.payload.decode("gb18030") == "没有了"
    assert (answer.header("set-cookie"), answer.header("etag")) == ("a=é", None)
    assert archive.answer(third).payload == b""


def test_a_304_answers_with_its_own_headers_and_no_payload(bucket: Bucket, tmp_path: Path) -> None:
    write(bucket, tmp_path, [exchange(1)])
    (first,) = acknowledged(bucket)
    reference = Reference(url=first.url, at=first.at, payload_digest=first.payload_digest)
    etag = ((b"ETag", b'"v1"'),)
    again = exchange(1, status=304, body=b"", response_headers=etag, refers_to=reference)
    write(bucket, tmp_path, [again], run="20260301t090000z-bbbbbb")
    answer = Archive(bucket).answer(acknowledged(bucket)[1])
    assert (answer.payload, answer.header("ETag")) == (b"", '"v1"')


def test_an_index_longer_than_the_first_guess_is_read_whole(bucket: Bucket) -> None:
    """Addresses that do not compress: the index alone passes 64 KiB."""
    from random import Random

    dice = Random(1)
    long = [exchange(n, url=f"http://alpha.example.cn/{dice.randbytes(1000).hex()}", body=b"") for n in range(64)]
    made = sealed(*long)
    (entry,) = committed(bucket, [made])
    index = Archive(bucket).index(entry)
    assert [capture.url for capture in index.captures] == [one.url for one in long]
    assert all(capture.segment == entry.commit.segment for capture in index.captures)
    assert Archive(bucket).segment(entry.commit.segment) == made.data


def test_a_segment_that_is_gone_is_not_found(bucket: Bucket) -> None:
    (entry,) = committed(bucket, [sealed(exchange(1))])
    (capture,) = acknowledged(bucket)
    remove(bucket, entry.commit.segment)
    for ask in (lambda: Archive(bucket).index(entry), lambda: Archive(bucket).answer(capture)):
        with pytest.raises(NotFound, match=entry.commit.segment):
            ask()


def summary(run: str, hours: int = 0, **more: object) -> RunSummary:
    began = START + timedelta(hours=hours)
    said = {"site": SITE, "run": run, "started": began, "finished": began + timedelta(minutes=5), "reason": "finished"}
    return RunSummary.model_validate(said | more)


def test_runs_are_listed_in_order_once_they_are_done(bucket: Bucket) -> None:
    archive = Archive(bucket)
    later, unfinished = "20260302t080000z-000000", "20260301t100000z-cccccc"
    for run in (RUN, later, unfinished):
        archive.put_run(SITE, run, {"v": 1, "run": run})
    issue = Issue(kind="dns", site=SITE, message="没有这个主机", at=START)
    done = summary(later, 24, captures=3, issues=(issue,)), summary(RUN)
    for one in done:
        archive.finish_run(one)
    bucket.put_once(keys.lease(SITE), b"{}")
    assert list(archive.runs(SITE)) == [done[1], done[0]]
    assert list(archive.runs("nobody")) == []


def test_a_run_ends_once(bucket: Bucket) -> None:
    archive = Archive(bucket)
    archive.finish_run(summary(RUN))
    archive.finish_run(summary(RUN))
    with pytest.raises(Conflict, match=RUN):
        archive.finish_run(summary(RUN, captures=1))


def test_a_summary_that_is_none_is_refused_by_name(bucket: Bucket) -> None:
    key = keys.manifest(SITE, RUN, "done")
    for data in (b"", b"{}", b"[1]", b"\xff"):
        overwrite(bucket, key, data)
        with pytest.raises(IntegrityError, match=key):
            list(Archive(bucket).runs(SITE))


def test_articles_come_back_equal_and_the_last_reading_counts(bucket: Bucket) -> None:
    archive = Archive(bucket)
    assert archive.articles(SITE, "1.0", 7) is None
    archive.put_articles(SITE, "1.0", 7, {"a" * 64: ARTICLE, "b" * 64: Article.unreadable("why")})
    held = archive.articles(SITE, "1.0", 7)
    assert held == {"a" * 64: ARTICLE, "b" * 64: Article.unreadable("why")}
    assert held["a" * 64].digest == ARTICLE.digest
    archive.put_articles(SITE, "1.0", 7, {})
    assert archive.articles(SITE, "1.0", 7) == {}
    assert archive.articles(SITE, "1.1", 7) is None
    assert archive.articles(SITE, "1.0", 8) is None


def test_damaged_articles_are_read_again(bucket: Bucket, caplog: pytest.LogCaptureFixture) -> None:
    """They are derived: None has the reader make them again, and a word in the log says why."""
    archive, key = Archive(bucket), keys.articles(SITE, "1.0", 1)
    archive.put_articles(SITE, "1.0", 1, {"a" * 64: ARTICLE})
    good = bucket.get(key).data
    for number in range(0, len(good), 7):
        damaged = bytearray(good)
        damaged[number] ^= 1
        overwrite(bucket, key, bytes(damaged))
        assert archive.articles(SITE, "1.0", 1) in (None, {"a" * 64: ARTICLE})
    for data in (b"", good[:-4], good[: len(good) // 2], b"no zstd"):
        overwrite(bucket, key, data)
        assert archive.articles(SITE, "1.0", 1) is None
    assert key in caplog.text
    archive.put_articles(SITE, "1.0", 1, {"a" * 64: ARTICLE})
    assert archive.articles(SITE, "1.0", 1) == {"a" * 64: ARTICLE}


def test_the_ledger_of_a_site_is_its_own(bucket: Bucket, tmp_path: Path) -> None:
    for site in ("alpha", "alpha-2"):
        write(bucket, tmp_path, [exchange(1, site=site)], site=site)
    assert [entry.site for entry in Archive(bucket).ledger("alpha").walk()] == ["alpha"]
    assert Ledger(bucket, "alpha-2").head() == next(Archive(bucket).ledger("alpha-2").walk())
