"""What is odd about a run, held against what is usual."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from domain.health import RunNumbers, Sign
from monitor.health.baseline import Baseline
from monitor.health.usual import Usual

Level = Literal["note", "warning", "error"]
Counts = Mapping[str, int]
# Shares are taken of so many: of the runs before too where one run has fewer.
_POOL, _LEAST, _LONGEST = 10, 5, timedelta(days=14)
_HALF = 0.5
_DRIFT = 0.3
# What a run says of an entry page that was of no use.
_ENTRY_FAULTS = frozenset({"entry-status", "entry-unreadable"})
# Ends of a run after which nothing it found can be relied on.
_ENDS = {
    "site-down": ("站点没有回应，本轮中止", "the site gave no answer, so the run was ended"),
    "storage": ("证据存储写不进去，本轮中止", "the bucket could not be written to, so the run was ended"),
    "failed to start": ("爬虫没能启动", "the spider failed to start"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """A share of articles or pages: its names, and what it means where too few or too many have it."""

    name: str
    zh: str
    en: str
    level: Level


_FEW = (
    Field("titled", "有标题的文章", "articles with a title", "error"),
    Field("bodied", "有正文的文章", "articles with a body", "error"),
    Field("timed", "有发布时间的文章", "articles with a time", "warning"),
    Field("sourced", "有来源的文章", "articles with a source", "warning"),
)
_BAD = (
    Field("blocked", "拦截页或登录页", "block or login pages", "error"),
    Field("failed", "出错或没有回应的请求", "requests that failed or got no answer", "error"),
)


def signs(run: RunNumbers, before: Sequence[RunNumbers], usual: Usual) -> tuple[Sign, ...]:
    """What is odd about a run; `before` are the runs before it, the newest first, of which as many are counted with it
    as shares need. Zero links on an entry page is an error whatever is usual."""
    articles, pages = pooled(run, before, "articles"), pooled(run, before, "pages")
    return (
        *_end(run),
        *_entries(run, usual),
        *_few(run, articles, usual),
        *_bad(run, pages, usual),
        *_body(run, articles, usual),
        *_reader(run, articles, usual),
    )


def _end(run: RunNumbers) -> Iterator[Sign]:
    if run.reason in _ENDS:
        zh, en = _ENDS[run.reason]
        yield Sign(kind="ended", level="error", zh=zh, en=en)
    if run.finished and not run.counts and not run.skipped:
        why = ", ".join(sorted(set(run.faults)))
        zh, en = "本轮什么也没抓到", "the run captured nothing at all"
        yield Sign(kind="silence", level="error", zh=f"{zh}（{why}）" if why else zh, en=f"{en} ({why})" if why else en)
    if "program" in run.faults:
        en = "our own spider could not deal with a page"
        yield Sign(kind="program", level="warning", zh="爬虫自身处理页面出错", en=en)


def _entries(run: RunNumbers, usual: Usual) -> Iterator[Sign]:
    asked, failed = run.counts.get("entries", 0), run.counts.get("entries_failed", 0)
    wrong = bool(_ENTRY_FAULTS & set(run.faults))
    if failed or wrong:
        all_of_them = failed == asked or (run.finished is not None and not run.lists and not run.links)
        zh, en = ("列表页全部没有正常回应", "no entry page answered as it should")
        if not all_of_them:
            zh, en = "有列表页没有正常回应", "an entry page did not answer as it should"
        yield Sign(kind="entry-status", level="error" if all_of_them else "warning", zh=zh, en=en)
    elif not run.lists and run.links == 0 and asked:
        yield _no_links(None, None)
    for entry, links in sorted(run.lists.items()):
        base = usual.links(entry, run.started)
        if not links:
            yield _no_links(entry, base)
        elif base and base.is_low(links):
            zh = f"列表页只有 {links} 个链接，平常 {base.median:.0f} 个"
            en = f"{links} links on an entry page, where {base.median:.0f} are usual"
            yield Sign(kind="links", level="warning", zh=zh, en=en, value=links, usual=base.median, entry=entry)


def _no_links(entry: str | None, base: Baseline | None) -> Sign:
    zh, en = "列表页上一个链接也没有，版式可能变了", "zero links on an entry page: its layout may have changed"
    if base:
        zh, en = f"{zh}（平常 {base.median:.0f} 个）", f"{en} ({base.median:.0f} are usual)"
    return Sign(kind="no-links", level="error", zh=zh, en=en, value=0, usual=base.median if base else None, entry=entry)


def _few(run: RunNumbers, counts: Counts, usual: Usual) -> Iterator[Sign]:
    for one in _FEW:
        share = share_of(counts, one.name, "articles")
        base = usual.of(one.name, run.started)
        if share is None or (share > 0 if base is None else not base.is_low(share)):
            continue
        if base is None and one.level != "error":
            continue  # a site may never name a source
        yield _told(one, one.name, one.level, share, base)


def _bad(run: RunNumbers, counts: Counts, usual: Usual) -> Iterator[Sign]:
    for one in _BAD:
        share = share_of(counts, one.name, "pages")
        base = usual.of(one.name, run.started)
        if share is None or not (share >= _HALF or (base and base.is_high(share))):
            continue
        yield _told(one, one.name, "error" if share >= _HALF else "warning", share, base)


def _body(run: RunNumbers, counts: Counts, usual: Usual) -> Iterator[Sign]:
    length, garbled = share_of(counts, "characters", "articles"), share_of(counts, "garbled", "articles")
    base = usual.of("characters", run.started)
    if length is not None and base and base.is_low(length):
        zh = f"正文平均只有 {length:.0f} 字，平常 {base.median:.0f} 字"
        en = f"bodies of {length:.0f} characters on average, where {base.median:.0f} are usual"
        yield Sign(kind="length", level="warning", zh=zh, en=en, value=length, usual=base.median)
    base = usual.of("garbled", run.started)
    if garbled and (base.is_high(garbled) if base else garbled >= _HALF):
        yield _told(
            Field("garbled", "解码有损的文章", "articles decoded with losses", "warning"),
            "fidelity",
            "warning",
            garbled,
            base,
        )


def _reader(run: RunNumbers, counts: Counts, usual: Usual) -> Iterator[Sign]:
    """The site's own selectors say other things than the generic reader: the first sign of a new layout."""
    share, base = share_of(counts, "drifted", "articles"), usual.of("drifted", run.started)
    if share is not None and share >= _DRIFT and (base is None or base.is_high(share)):
        where = [name for name in ("title", "published", "source", "body") if counts.get(f"drift_{name}")]
        named = Field(
            "drifted",
            f"与通用读法不合的文章（{'、'.join(where)}）",
            f"articles that the generic reader reads otherwise ({', '.join(where)})",
            "warning",
        )
        yield _told(named, "drift", "warning", share, base)


def _told(one: Field, kind: str, level: Level, share: float, base: Baseline | None) -> Sign:
    zh, en = f"{one.zh}占 {share:.0%}", f"{share:.0%} {one.en}"
    if base:
        zh, en = f"{zh}，平常 {base.median:.0%}", f"{en}, where {base.median:.0%} are usual"
    return Sign(kind=kind, level=level, zh=zh, en=en, value=round(share, 4), usual=base.median if base else None)


def pooled(run: RunNumbers, before: Sequence[RunNumbers], whole: str) -> Mapping[str, int]:
    """A run's counts, with those of as many before it as it takes: so what was odd of the last articles stays odd
    through the runs that find none."""
    counts = Counter(run.counted)
    for earlier in before:
        if counts[whole] >= _POOL or run.started - earlier.started > _LONGEST:
            break
        counts.update(earlier.counted)
    return counts


def share_of(counts: Mapping[str, int], name: str, whole: str) -> float | None:
    total = counts.get(whole, 0)
    return counts.get(name, 0) / total if total >= _LEAST else None
