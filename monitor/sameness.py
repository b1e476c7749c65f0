"""Are two articles one and the same, by what they say?"""

from difflib import SequenceMatcher

from domain.article import Article
from monitor.folding import bare

_ENOUGH = 0.8
_LOOKED_AT = 2_000


def same_article(one: Article, other: Article) -> bool:
    """True where the bodies are the same but for a fifth, typesetting aside; without bodies, the titles."""
    texts = bare(one.text)[:_LOOKED_AT], bare(other.text)[:_LOOKED_AT]
    if not all(texts):
        return bool(one.title) and bare(one.title or "") == bare(other.title or "")
    matcher = SequenceMatcher(None, *texts, autojunk=False)
    return matcher.quick_ratio() >= _ENOUGH and matcher.ratio() >= _ENOUGH
