"""Labelled edits: one thing of an article changed, and what kind of change that is.

`SENTENCES`: name, template, a paragraph before and after, the classes (domain.change.EditClass). The paragraph is put
into the template's own story. `FIELDS`: the same with a story's fields, by a function from the template's story.
Classes are words: `amount` must be among the change's classes, of `text|amount` one must, `+agency` may; others of
weight must not.
"""

from collections.abc import Callable
from dataclasses import replace

from page_frames import Story

SENTENCES: tuple[tuple[str, str, str, str, str], ...] = (
    ("ten thousands to hundred millions", "trs", "项目总投资2300万元。", "项目总投资2300亿元。", "amount"),
    ("percent turned round", "jcms", "全年增长预期目标为3.5%左右。", "全年增长预期目标为5.3%左右。", "amount"),
    (
        "a written number",
        "media",
        "新增规上企业二十家，其中工业企业过半。",
        "新增规上企业二十三家，其中工业企业过半。",
        "amount",
    ),
    ("a decimal point", "soup", "今年前三个月进出口总值为12.5亿元。", "今年前三个月进出口总值为125亿元。", "amount"),
    ("a length", "phpcms", "改造管网全长12公里。", "改造管网全长21公里。", "amount"),
    ("thousands", "gbk", "受益群众1,200户。", "受益群众12,000户。", "amount"),
    ("a unit of land", "authors", "石榴种植面积达到3000亩。", "石榴种植面积达到3000公顷。", "amount"),
    ("a currency", "soup", "合同金额为800万元人民币。", "合同金额为800万美元。", "amount"),
    ("yuan to ten thousand yuan", "tabled", "对获奖单位奖励50元。", "对获奖单位奖励50万元。", "amount"),
    ("percent to percentage points", "soup", "占比提高2.1%。", "占比提高2.1个百分点。", "amount"),
    ("a sign", "soup", "当月增速为-3.2%。", "当月增速为3.2%。", "amount"),
    ("full-width digits that differ", "gbk", "共有３５个项目开工。", "共有５３个项目开工。", "amount"),
    ("a fine", "govmeta", "第十条 拒不改正的，处五百元以上罚款。", "第十条 拒不改正的，处五千元以上罚款。", "amount"),
    ("a range", "listed", "每户补贴300至500元。", "每户补贴300至800元。", "amount"),
    ("a permille", "jcms", "费率调整为6‰。", "费率调整为6%。", "amount"),
    ("a deadline", "jcms", "申报截止日期为3月1日。", "申报截止日期为3月15日。", "date"),
    (
        "a year",
        "govmeta",
        "第十条 本办法有效期至2026年12月31日。",
        "第十条 本办法有效期至2029年12月31日。",
        "date +validity",
    ),
    ("a day written in figures", "columns", "开标时间：2024-06-03。", "开标时间：2024-06-13。", "date"),
    ("an hour", "columns", "投标截止时间为上午9时30分。", "投标截止时间为上午10时30分。", "date|amount"),
    ("a month in hanzi", "filed", "材料请于十月底前报送。", "材料请于十一月底前报送。", "date"),
    (
        "how long it is valid",
        "govmeta",
        "第十条 本办法有效期三年。",
        "第十条 本办法有效期五年。",
        "date|amount|validity",
    ),
    ("water off until", "notice", "停水时间为5月8日8时至18时。", "停水时间为5月8日8时至22时。", "date|amount"),
    (
        "a number cited",
        "trs",
        "根据栖政发〔2017〕7号文件精神办理。",
        "根据栖政发〔2017〕8号文件精神办理。",
        "document_number",
    ),
    (
        "a year of a number cited",
        "jcms",
        "《通知》（栖商发〔2022〕5号）同时废止。",
        "《通知》（栖商发〔2023〕5号）同时废止。",
        "document_number",
    ),
    (
        "an order's number",
        "govmeta",
        "第十条 市政府令第88号同时废止。",
        "第十条 市政府令第89号同时废止。",
        "document_number",
    ),
    ("who is appointed", "ueditor", "任命张清河为栖河市商务局副局长。", "任命李清河为栖河市商务局副局长。", "person"),
    ("another person", "ueditor", "任命张明远为市审计局局长。", "任命赵立新为市审计局局长。", "person"),
    ("to what post", "ueditor", "任命孙怀瑾为栖河市教育局副局长。", "任命孙怀瑾为栖河市教育局局长。", "person"),
    ("a post in the news", "media", "市委副书记、代市长何启明出席会议。", "市委副书记、市长何启明出席会议。", "person"),
    ("the agency", "jcms", "本通知由栖河省商务厅负责解释。", "本通知由栖河省财政厅负责解释。", "agency"),
    ("an agency's rank", "trs", "会议由市商务厅牵头筹备。", "会议由市商务局牵头筹备。", "agency"),
    ("a tender's agent", "columns", "采购人为栖河市教育局。", "采购人为栖河市体育局。", "agency"),
    ("shall to may", "govmeta", "第十条 养护单位应当公开养护标准。", "第十条 养护单位可以公开养护标准。", "obligation"),
    ("forbidden to limited", "govmeta", "第十条 禁止在绿地内停放车辆。", "第十条 限制在绿地内停放车辆。", "obligation"),
    ("must not to may", "govmeta", "第十条 树木不得移植。", "第十条 树木可以移植。", "obligation"),
    ("must to as a rule", "jcms", "企业必须在线提交材料。", "企业原则上在线提交材料。", "obligation"),
    ("a negation comes", "trs", "该项目予以支持。", "该项目不予以支持。", "obligation|direction"),
    (
        "a negation goes",
        "mobile",
        "答：在绿地内不可以搭建帐篷。",
        "答：在绿地内可以搭建帐篷。",
        "obligation +direction",
    ),
    (
        "strictly forbidden to not proposed",
        "notice",
        "严禁使用未经检测的水源。",
        "不建议使用未经检测的水源。",
        "obligation +direction",
    ),
    ("encouraged to required", "jcms", "鼓励企业安装监测设备。", "要求企业安装监测设备。", "obligation"),
    ("fell to grew", "soup", "加工贸易出口减少一成。", "加工贸易出口增加一成。", "direction"),
    ("rose to fell", "soup", "民营企业出口同比上升。", "民营企业出口同比下降。", "direction"),
    (
        "an article's number",
        "govmeta",
        "第十条 违反第五条规定的，从重处理。",
        "第十条 违反第六条规定的，从重处理。",
        "text|amount",
    ),
    ("a telephone number", "filed", "联系电话：0999-3180001。", "联系电话：0999-3180010。", "text|amount"),
    (
        "a bank account",
        "columns",
        "保证金账号：6222021001234567890。",
        "保证金账号：6222021001234567809。",
        "text|amount",
    ),
    ("a place", "columns", "递交地点为望山街18号三楼。", "递交地点为望山街18号五楼。", "text|amount"),
    ("a street", "notice", "送水点设在东门广场。", "送水点设在西门广场。", "text"),
    ("a quotation", "wordpress", "他说：“明年还要扩种石榴。”", "他说：“明年不再扩种石榴。”", "text|direction"),
    ("one wrong character", "media", "各部门要加强协做，形成合力。", "各部门要加强协作，形成合力。", "typo"),
    ("a doubled character", "trs", "会议强调要要抓好落实。", "会议强调要抓好落实。", "typo"),
    ("two characters swapped", "dedecms", "果农们忙着摘采石榴。", "果农们忙着采摘石榴。", "typo"),
    (
        "a sentence goes",
        "listed",
        "提出了三点意见。部分路段将实行单行。请市民谅解。",
        "提出了三点意见。请市民谅解。",
        "text|paragraph_removed",
    ),
    (
        "a sentence comes",
        "mobile",
        "答：可以网上办理。",
        "答：可以网上办理。办理时间为工作日。",
        "text|paragraph_added",
    ),
    ("reading brackets around other text", "mirror", "主會場設在文化館。", "主會場設在圖書館。", "text +agency"),
    ("the people concerned", "jcms", "补贴对象为本市户籍居民。", "补贴对象为本市常住居民。", "text"),
)

Edit = Callable[[Story], Story]


def _paras(story: Story, change: Callable[[list[str]], list[str]]) -> Story:
    return replace(story, paras=tuple(change(list(story.paras))))


_NEW_FILE = ("http://www.qihe.example/files/chengnuo.pdf", "诚信承诺书.pdf")
NEW_PARAGRAPH = "另据了解，有关部门将设立监督台账，定期向社会公布进展，接受群众的评议和监督。"

FIELDS: tuple[tuple[str, str, Edit, str], ...] = (
    (
        "attachment added",
        "filed",
        lambda s: replace(s, files=(*s.files, _NEW_FILE)),
        "attachment +paragraph_added +paragraph_removed +text",
    ),
    (
        "attachment removed",
        "filed",
        lambda s: replace(s, files=s.files[:1]),
        "attachment +paragraph_added +paragraph_removed +text",
    ),
    (
        "attachment renamed",
        "filed",
        lambda s: replace(s, files=((s.files[0][0], "申报表（修订）.docx"), s.files[1])),
        "attachment +paragraph_added +paragraph_removed +text",
    ),
    (
        "attachment elsewhere",
        "filed",
        lambda s: replace(s, files=(_NEW_FILE, s.files[1])),
        "attachment +paragraph_added +paragraph_removed +text",
    ),
    (
        "attachment in the body added",
        "trs",
        lambda s: replace(s, files=(_NEW_FILE,)),
        "attachment +paragraph_added +paragraph_removed +text",
    ),
    (
        "first attachment, in tables",
        "jcms",
        lambda s: replace(s, files=(_NEW_FILE,)),
        "attachment +paragraph_added +paragraph_removed +text",
    ),
    ("headline reworded", "media", lambda s: replace(s, title="栖河市部署老城改造下一阶段任务"), "title"),
    ("headline's one word", "gbk", lambda s: replace(s, title=s.title.replace("推进会", "动员会")), "title"),
    ("headline's number", "dedecms", lambda s: replace(s, title="望山县石榴喜获丰收 产值破2亿元"), "title amount"),
    ("paragraph inserted", "trs", lambda s: _paras(s, lambda p: [*p[:2], NEW_PARAGRAPH, *p[2:]]), "paragraph_added"),
    (
        "paragraph inserted, bare breaks",
        "gbk",
        lambda s: _paras(s, lambda p: [*p[:2], NEW_PARAGRAPH, *p[2:]]),
        "paragraph_added",
    ),
    ("paragraph at the end", "authors", lambda s: _paras(s, lambda p: [*p, NEW_PARAGRAPH]), "paragraph_added"),
    ("paragraph deleted", "media", lambda s: _paras(s, lambda p: [*p[:2], *p[3:]]), "paragraph_removed"),
    ("point of a list deleted", "listed", lambda s: _paras(s, lambda p: p[:-1]), "paragraph_removed"),
    (
        "article of a law inserted",
        "govmeta",
        lambda s: _paras(s, lambda p: [*p[:-1], "第九条 县区可以制定实施细则，报市园林主管部门备案后执行。", *p[-1:]]),
        "paragraph_added +obligation +agency",
    ),
    (
        "paragraphs in another order",
        "columns",
        lambda s: _paras(s, lambda p: [p[0], p[2], p[1], p[3]]),
        "text|paragraph_added|paragraph_removed +paragraph_added +paragraph_removed +text",
    ),
    ("source", "trs", lambda s: replace(s, source="栖河晚报"), "source +agency"),
    ("source, unnamed mark-up", "soup", lambda s: replace(s, source="栖河统计"), "source +agency"),
    ("author", "dedecms", lambda s: replace(s, author="苏晚晴"), "person"),
    ("publishing agency", "govmeta", lambda s: replace(s, agency="栖河市园林管理局"), "agency"),
    ("the document's own number", "govmeta", lambda s: replace(s, number="栖政办发〔2024〕13号"), "document_number"),
    ("the agency that signs", "jcms", lambda s: _paras(s, lambda p: [*p[:-2], "栖河市财政局", p[-1]]), "agency"),
    ("the day it was signed", "jcms", lambda s: _paras(s, lambda p: [*p[:-1], "2024年5月16日"]), "date"),
    (
        "picture changed",
        "wordpress",
        lambda s: replace(s, image="http://img1.qihe.example/pic/2024/05/guoyuan.jpg"),
        "image",
    ),
)
TABLE: tuple[tuple[str, str, str, str], ...] = (
    ("amount in a cell", "56.2亿元", "65.2亿元", "amount"),
    ("sign in a cell", "<td>-3.4%", "<td>3.4%", "amount"),
    ("name in a cell", "保税物流</td>", "保税仓储</td>", "text"),
    (
        "a row more",
        "<tr><td>保税物流",
        "<tr><td>边民互市</td><td>1.1亿元</td><td>0.3%</td></tr><tr><td>保税物流",
        "amount|paragraph_added +paragraph_added +amount",
    ),
)
REPUBLISHED: tuple[tuple[str, str], ...] = (
    ("trs", "2024-05-06 16:45"),
    ("media", "2024-05-07 09:30"),
    ("gbk", "2024-05-07 08:00"),
    ("jcms", "2024-05-06 10:00"),
)
