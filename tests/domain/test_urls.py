"""Two spellings of one address are one page, and two addresses are two."""

import pytest

from domain.urls import urlkey


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.a.cn/s?q=中&b=1", "https://a.cn/s?b=1&q=%E4%B8%AD#top"),
        ("http://a.cn:80/", "http://A.cn"),
        ("http://a.cn/s?q=%d6%d0", "http://a.cn/s?q=%D6%D0"),
    ],
)
def test_one_page(one: str, other: str) -> None:
    assert urlkey(one) == urlkey(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.cn/s?q=%D6%D0", "http://a.cn/s?q=%D6%D1"),  # 中 and 种, escaped in GBK
        ("http://a.cn/A.html", "http://a.cn/a.html"),
        ("http://a.cn:8080/", "http://a.cn/"),
    ],
)
def test_two_pages(one: str, other: str) -> None:
    assert urlkey(one) != urlkey(other)
