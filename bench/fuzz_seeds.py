"""What the fuzzer starts from: the replica's pages and lists, and small things that mean harm. Nobody else's pages."""

import gzip
import re
from pathlib import Path

from bench import replica
from bench.fuzz_target import LIMIT

_TOKEN = re.compile(rb"</?[a-zA-Z][^<>]{0,60}>|[\xe3-\xe9][\x80-\xbf]{2}(?:[\xe3-\xe9][\x80-\xbf]{2}){1,5}")
_TOKENS = 500
_CHOICES = 16  # of what goes with a payload: as many as there are kinds of lists, and more

HOSTILE = (
    b"",
    b"\0" * 64,
    b"\xff\xfe<\0p\0>\0",
    b"\xef\xbb\xbf<p>x",
    gzip.compress(b"<title>x</title>")[:-3],
    b"\x28\xb5\x2f\xfd\0\0",
    b"<div>" * 400,
    b"<!--<!--" * 50 + b"-->",
    b"<p>&#0;&#xD800;&#x110000;&#x202E;&nbsp;</p>" * 5,
    b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;&b;&b;">]><p>&d;</p>',
    b'<base href="http://[::"><a href="http://[">x</a><a href="//\xe2\x80\xae">y</a>',
    b'<meta charset="utf-16"><p>x</p>',
    b'<script type="application/ld+json">{"headline":"\\ud800\\u0000","datePublished":"0001-01-01T00:00:00+23:59"}'
    b"</script>",
    b'<script id="__NEXT_DATA__">{"props":{"title":"\\u0000","content":"<p>\\ud800</p>"}}</script>',
    "<h1>题</h1><p>发布时间：9999-12-31 23:59:59 来源：</p><p>二〇〇〇年十三月三十二日</p>".encode(),
    "<title>题</title><p>【字体：大 中 小】浏览次数：0 责任编辑：甲 乙、丙</p>".encode() * 3,
    "<p>濟(jì)南（nán）</p>".encode() * 20,
    "<p>鲁政发〔2017〕17号 自２０１７年１月１日起施行，有效期至9999年99月99日</p>".encode(),
    b'{"data":[{"title":"x","url":"http://a.cn/1.html","publishTime":99999999999999}]}' + b"[" * 200,
    b"<?xml version='1.0'?><urlset><url><loc>http://sitemap.example.cn/1.html</loc><lastmod>2024-13-41T99:99Z</lastmod>"
    b"</url></urlset>",
    b"<sitemapindex><sitemap><loc>http://sitemap.example.cn/2.xml</loc></sitemap></sitemapindex>",
    b"<rss><channel><item><link>http://feed.example.cn/1.html</link><pubDate>Mon, 99 Foo 0000 00:00:00 +9999</pubDate>"
    b"</item></channel></rss>",
    b'{"url":"http://json.example.cn/1.html","title":"\\ud800\\u0000","time":"0001-01-01 00:00"}',
    b'<li><a href="http://html.example.cn:99999/1.html">x</a> 0001-01-01 00:00 <a href="http://[::]/2.html">next</a>',
    b'<datastore><nextgroup><![CDATA[<a href="/p?startrecord=9&endrecord=9&perpage=0"></a>]]></nextgroup><totalrecord>'
    + b"9" * 40
    + b"</totalrecord><record><![CDATA[<a href=/art/2019/1/7/art_1_2.html>x</a>]]></record></datastore>",
)


def pages(state: Path) -> list[bytes]:
    """Every article, entry page and home page of the replica as served."""
    with replica.running(state) as running:
        return [page.payload for page in (*replica.articles(running), *replica.fronts(running))]


def write(found: list[bytes], folder: Path) -> int:
    """The seeds as files, each under several first bytes; gives how many."""
    folder.mkdir(parents=True)
    seeds = [bytes([choice]) + data for choice in range(_CHOICES) for data in HOSTILE]
    seeds += [bytes([place % _CHOICES]) + data for place, data in enumerate(found)]
    for number, seed in enumerate(seeds):
        (folder / f"{number:04}").write_bytes(seed[:LIMIT])
    return len(seeds)


def dictionary(found: list[bytes], path: Path) -> None:
    """Tags and runs of Chinese that the pages are made of, for libFuzzer's -dict."""
    counted: dict[bytes, int] = {}
    for page in (*found, *HOSTILE):
        for token in _TOKEN.findall(page):
            counted[token] = counted.get(token, 0) + 1
    frequent = sorted(counted, key=lambda token: (-counted[token], token))[:_TOKENS]
    escaped = ("".join(f"\\x{byte:02x}" for byte in token) for token in frequent)
    path.write_text("".join(f'"{token}"\n' for token in escaped), encoding="ascii")
