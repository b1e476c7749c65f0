"""Labelled typesetting: the same words set otherwise. A version is kept, and nobody is told."""

SENTENCES: tuple[tuple[str, str, str, str], ...] = (
    ("full-width digits", "trs", "全年新开工项目２３个，完成投资９亿元。", "全年新开工项目23个，完成投资9亿元。"),
    ("full-width letters", "gbk", "项目采用ＰＰＰ模式建设。", "项目采用PPP模式建设。"),
    ("full-width brackets", "jcms", "外贸(含跨境电商)保持增长。", "外贸（含跨境电商）保持增长。"),
    ("half-width comma", "media", "会议要求,各部门抓紧落实。", "会议要求，各部门抓紧落实。"),
    ("straight quotes", "wordpress", "发展“石榴经济”带动增收。", '发展"石榴经济"带动增收。'),
    ("corner quotes", "mobile", "答：就是“谁占用谁恢复”。", "答：就是「谁占用谁恢复」。"),
    ("blanks around digits", "soup", "出口机电产品320台，增长8%。", "出口机电产品 320 台，增长 8%。"),
    ("blanks between Chinese and letters", "columns", "请使用CA证书登录。", "请使用 CA 证书登录。"),
    ("full stop at the end", "listed", "做好下一阶段的宣传动员工作", "做好下一阶段的宣传动员工作。"),
    ("long dash", "authors", "石榴——望山的名片。", "石榴—望山的名片。"),
    ("dash of two signs", "filed", "申报要求——严格把关。", "申报要求--严格把关。"),
    ("dots", "dedecms", "石榴、石榴汁、石榴茶……", "石榴、石榴汁、石榴茶..."),
    ("colon", "ueditor", "附注:以上人员均已公示。", "附注：以上人员均已公示。"),
    ("thousands' comma", "tabled", "企业数达到12,500家。", "企业数达到12500家。"),
    ("percent sign", "tabled", "占比为35％。", "占比为35%。"),
    ("middle dot", "media", "艺术家阿依·努尔到场。", "艺术家阿依•努尔到场。"),
    ("traditional", "trs", "会议强调要为群众办实事。", "會議強調要為群眾辦實事。"),
    ("variant of wei", "trs", "活動為期十天，展廳設在一樓。", "活動爲期十天，展廳設在一樓。"),
    ("variant of tai", "phpcms", "開幕式在臺前舉行。", "開幕式在台前舉行。"),
    ("variant of li", "columns", "展廳裡有剪紙。", "展廳裏有剪紙。"),
    ("variant of others", "notice", "羣衆可到綫上報名。", "群眾可到線上報名。"),
    ("readings come", "wordpress", "觀眾絡繹不絕。", "觀(guān)眾(zhòng)絡(luò)繹(yì)不絕(jué)。"),
    ("no blank after the article's number", "govmeta", "第十条 本办法由市园林局解释。", "第十条本办法由市园林局解释。"),
    ("brackets of a number", "trs", "依据栖政发〔2020〕3号文件。", "依据栖政发[2020]3号文件。"),
    ("book marks", "mobile", "答：参见《办法》全文。", "答：参见〈办法〉全文。"),
)
# A page that the reader folds (traditional with readings): the same words in another script are no version at all,
# or one that nobody is told of.
FOLDED: tuple[tuple[str, str, str], ...] = (
    ("simplified", "門票預約電話將另行公佈。", "门票预约电话将另行公布。"),
    ("variant of wei", "活動為期十天。", "活動爲期十天。"),
    ("variant of tai", "開幕式在臺前舉行。", "開幕式在台前舉行。"),
    ("variant of li", "展廳裡有剪紙。", "展廳裏有剪紙。"),
    ("readings come", "觀眾絡繹不絕。", "觀(guān)眾(zhòng)絡(luò)繹(yì)不絕(jué)。"),
    ("readings go", "展覽(lǎn)館", "展覽館"),
)
