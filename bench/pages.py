"""Pages to fetch: Chinese articles of 50 KB, each different, in the mark-up of a news site. No page is anyone's.

Words are pairs of frequent characters, drawn with falling frequency (Zipf), so that pages compress somewhat
worse than real ones: gzip makes these 3 times smaller, real ones about 3.7 times.
"""

from functools import lru_cache
from itertools import accumulate
from random import Random

SIZE = 50_000
_SIGNS = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学"
    "法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外"
    "天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很"
    "情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她"
    "手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思"
)
_MARKS = ("，", "，", "，", "。", "。", "、", "；")


@lru_cache(maxsize=1)
def sentences() -> tuple[str, ...]:
    """Six thousand sentences, the same each time."""
    chance = Random(20)
    words = [chance.choice(_SIGNS) + chance.choice(_SIGNS) for _ in range(3000)]
    weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    return tuple(
        "".join(chance.choices(words, cum_weights=weights, k=chance.randint(5, 18))) + chance.choice(_MARKS)
        for _ in range(6000)
    )


@lru_cache(maxsize=1)
def frame() -> tuple[str, str]:
    """What every page of a site shares, before and after its article: about 14 KB."""
    chance, said = Random(21), sentences()
    nav = "".join(f'<li><a href="/channel/{n}/" class="nav-item">{said[n][:4]}</a></li>\n' for n in range(60))
    hot = "".join(
        f'<li><span>{n}</span><a href="/hot/{n}.htm" title="{said[n]}">{said[n]}</a></li>\n' for n in range(40)
    )
    script = "".join(f"window._c{n}={{{{id:{chance.randrange(10**9)},url:'/lib{n}.js'}}}};\n" for n in range(40))
    head = (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}_基准新闻网</title>'
        f'<link rel="stylesheet" href="/css/main.css"><script>{script}</script></head>\n'
        f'<body><div class="top"><ul class="nav">\n{nav}</ul></div>\n'
        '<div class="position"><a href="/">首页</a> &gt; <a href="/news/">新闻</a> &gt; 正文</div>\n'
        '<div class="article"><h1 class="title">{title}</h1><div class="info"><span class="time">{time}</span> '
        '<span class="source">来源：基准日报</span> <span id="hits">{hits}</span></div>\n<div id="content">\n'
    )
    foot = '<div class="foot">版权所有</div></body></html>\n'
    return head, f'</div><div class="editor">编辑：基准</div></div>\n<div class="hot"><ul>\n{hot}</ul></div>\n{foot}'


def article(number: int, hits: int = 0) -> bytes:
    """The page of that number: the same for the same number and counter, UTF-8, of SIZE bytes."""
    chance, (head, foot) = Random(number), frame()
    said = chance.sample(sentences(), 700)
    time = f"2026-{number % 12 + 1:02d}-{number % 28 + 1:02d} {number % 24:02d}:{number % 60:02d}:00"
    opening = head.format(
        title=f"{said[0].rstrip('，。、；')}{number}", time=time, hits=f"{number * 7 % 9000 + hits:05}"
    ).encode()
    room = SIZE - len(opening) - len(foot.encode())
    return opening + _paragraphs(said[1:], room) + foot.encode()


def _paragraphs(said: list[str], room: int) -> bytes:
    body = bytearray()
    for place in range(0, len(said), 5):
        piece = f"<p>　　{''.join(said[place : place + 5])}</p>\n".encode()
        if len(body) + len(piece) > room:
            break
        body += piece
    return bytes(body) + b" " * (room - len(body))


def listing(first: int, count: int) -> bytes:
    """An entry page that names `count` articles from `first` on."""
    said, numbers = sentences(), range(first, first + count)
    items = "".join(f'<li><a href="/article/{n}.html">第{n}篇 {said[n % len(said)]}</a></li>\n' for n in numbers)
    head = '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>列表</title></head>'
    return f"{head}<body><ul>\n{items}</ul></body></html>\n".encode()
