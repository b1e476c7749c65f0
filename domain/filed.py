"""An article with what its attachments held."""

from collections.abc import Mapping

from domain.article import Article
from domain.urls import file_key


def with_digests(article: Article, files: Mapping[str, str]) -> Article:
    """The article with its attachments' payload digests beside their names, as far as they are known."""
    told = tuple(
        item.model_copy(update={"name": f"{item.name} {files.get(file_key(item.href), '')}".strip()})
        for item in article.attachments
    )
    return article.model_copy(update={"attachments": told})
