"""Other pages of the five sites' forms, with credits as editors really write them. The texts are our own."""

from collections.abc import Iterator

import httpx
import pytest

import sites
from demo.content import SHIPPED
from demo.server import Replica
from domain.article import Article
from parsers import read

QIDIAN = """您的位置: 首页 > 齐点淄博 > 新闻

两会观察丨2024年栖河怎么干?
栖河水务 2024-02-03 08:00:01 字号:- +

2024年2月1日,栖河市两会闭幕。

(扫描二维码,收看回放)

编辑:白芷
审核:商陆 监制:易安
分享至:
扫码下载
"""
COMMERCE = """首页
>政务公开>通知
云川省商务厅关于规范管理的通知
发布日期: 2024- 12- 31 信息来源:外贸处
信息来源:外贸处
浏览次数 字体:【

各市商务局:

根据云政发〔2024〕2号和云商字[2024]9号文件,现通知如下。

附件:1.申报表.doc

联系人:温予墨 电话:000-1234567

云川省商务厅

2024年12月30日

(此件主动公开)

山东商务网版权与免责声明:
"""
DIYANG = """关于“三服务”的“回头看”:2024,我们怎么做

2024-05-09 21:22:03  文/图 全媒体记者 欧阳明月 实习生 王一 编辑:Ouyang_01

“我们去了。”他说。

大家都在街上乘凉,来源:网络的消息不可信。

来源:综合新华社、人民日报
编辑:欧阳明月 审核:王一
监制:张三丰

热门评论
"""
IQILU = """來源:栖河日報(bào)
2024-08-30 14:50:08
原標(biāo)題:“雙招雙引”動員會:開發(fā)區(qū)怎么干
本報(bào)訊(記者 溫予墨 通訊員 張三豐)8月29日,動員會召開,人們(men)都來了。
會議強(qiáng)調(diào),要擔(dān)當(dāng)作為,為經(jīng)濟(jì)發(fā)展做出貢獻(xiàn)。
來源:栖河日報(bào)
想爆料?請登錄《陽光連線》( https://minsheng.iqilu.com/)
"""
TOUDENG = """股票代码 600016

2024年05月15日 星期三

一家工厂的2022年2月9日

摘要 2022年2月9日,工厂开工。

微信图片_20220209083257.jpg

图为开工现场

2022年2月9日 10:00,工厂开工。

编辑:王蓓蓓 责任编辑:白芷

版权声明
"""


@pytest.fixture(scope="module")
def replica(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replica]:
    with Replica(content=SHIPPED, state=tmp_path_factory.mktemp("replica")) as running:
        yield running


def article(replica: Replica, site: str, text: str) -> Article:
    url = httpx.URL(replica.add(site, "variant", text))
    target = url.copy_with(scheme="http", host="127.0.0.1", port=replica.port)
    answer = httpx.get(target, headers={"Host": url.host})
    got = read(answer.content, str(url), answer.headers["content-type"], sites.get(site))
    assert got.issues == ()
    return got


def texts(got: Article) -> list[str]:
    return [block.text for block in got.body if block.text]


def test_qidian(replica: Replica) -> None:
    got = article(replica, "qidian-zibo", QIDIAN)
    assert (got.source, got.authors, got.editors) == ("栖河水务", (), ("白芷",))
    assert texts(got) == ["2024年2月1日,栖河市两会闭幕。", "(扫描二维码,收看回放)"]


def test_commerce(replica: Replica) -> None:
    got = article(replica, "shandong-commerce", COMMERCE)
    assert texts(got)[0] == "各市商务局:"
    assert texts(got)[-5:] == [
        "附件:1.申报表.doc",
        "联系人:温予墨 电话:000-1234567",
        "云川省商务厅",
        "2024年12月30日",
        "(此件主动公开)",
    ]
    assert got.document_numbers == ("云政发〔2024〕2号", "云商字〔2024〕9号")
    assert [(item.name, item.media_type) for item in got.attachments] == [("附件:1.申报表.doc", "application/msword")]
    assert (got.source, got.authors) == ("外贸处", ())


def test_diyang(replica: Replica) -> None:
    got = article(replica, "diyang-keqiao", DIYANG)
    assert (got.authors, got.editors) == (("欧阳明月", "王一"), ("欧阳明月",))
    assert got.source == "综合新华社、人民日报"
    assert texts(got) == ["“我们去了。”他说。", "大家都在街上乘凉,来源:网络的消息不可信。"]


def test_iqilu(replica: Replica) -> None:
    got = article(replica, "iqilu-jining", IQILU)
    assert (got.title, got.source) == ("“双招双引”动员会:开发区怎么干", "栖河日报")
    assert got.authors == ("温予墨", "张三丰")
    assert texts(got) == [
        "本报讯(记者 温予墨 通讯员 张三丰)8月29日,动员会召开,人们都来了。",
        "会议强调,要担当作为,为经济发展做出贡献。",
    ]


def test_toudeng(replica: Replica) -> None:
    got = article(replica, "toudeng", TOUDENG)
    assert (got.published_at, got.source, got.editors) == (None, None, ("王蓓蓓", "白芷"))
    assert got.summary == "2022年2月9日,工厂开工。"
    assert texts(got) == ["图为开工现场", "2022年2月9日 10:00,工厂开工。"]
    assert len(got.images) == 1
