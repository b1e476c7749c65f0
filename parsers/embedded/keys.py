"""What sites call the parts of an article in their scripts, the most telling name first.

Names are compared in lower case, letters alone: article_content and articleContent are articlecontent.
"""

import re
from functools import lru_cache


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


TITLE = _words("headline title msgtitle articletitle newstitle maintitle doctitle subject name docname")
SUBTITLE = _words("subtitle alternativeheadline secondtitle vicetitle fubiaoti")
BODY = _words(
    "articlebody content contents body html text txt contenthtml htmlcontent articlecontent newscontent "
    "maincontent doccontent rawcontent fullcontent contentinfo contenttext contentlist contentdata "
    "bodyhtml bodytext detail detailcontent cont artcontent zhengwen originalcontent paragraphs blocks contentnoencode"
)
# Inside a list that is a body: each item's text.
ITEM = _words("data text content value html cont desc insert")
IMAGE = _words("src url img image imageurl imgurl picurl pic originurl")
PUBLISHED = _words(
    "datepublished publishtime publishedtime publishdate publishedat publishat pubtime pubdate "
    "publishtimestr publictime releasetime releasedate issuetime issuedate newstime newsdate "
    "oripublishtime onlinetime displaytime showtime posttime postdate ptime firstpublishtime docpubtime "
    "fabushijian publish createtime createdate createdat datecreated inputtime addtime ctime ct time date "
    "uploaddate"
)
UPDATED = _words("datemodified updatetime updatedat updatedate modifytime modifiedtime lastmodified mtime")
SOURCE = _words(
    "source sourcename articlesource newssource contentsource docsource copyfrom origin originname "
    "originsource media medianame laiyuan from srcname mediasource"
)
AUTHORS = _words("author authors authorname writer reporter journalist byline authorlist zuozhe")
PUBLISHER = _words("publisher nickname accountname publishername sitename mpname subscribename username")
IMAGES = _words("image images imagelist imgs cover coverimage thumbnailurl imageurls pics piclist")
# Where other articles stand, or what people say of this one.
ELSEWHERE = re.compile(
    r"[cC]omment|[rR]eply|[rR]ecommend|[rR]elat|(?<![a-zA-Z])hot|Hot|(?<![a-zA-Z])rank|Rank|[fF]eed|[sS]idebar|[fF]ooter"
    r"|(?<![a-zA-Z])nav|Nav|(?<![a-zA-Z])menu|Menu|[bB]anner|[aA]dvert|[tT]uijian|(?<![a-zA-Z])guess|Guess|[cC]opyright"
    r"|(?<![a-zA-Z])(?:prev|next)(?![a-zA-Z])|[cC]onfig(?![a-z])|i18n|[lL]ocale|[aA]greement|[pP]rotocol"
)


@lru_cache(maxsize=4096)
def plain(key: str) -> str:
    """A key as the lists above have it: article_content, articleContent → articlecontent."""
    return "".join(char for char in key.rsplit(".", 1)[-1].lower() if char.isalpha() and char.isascii())
