"""What a page does to the documents that a subscription follows (`number:鲁政办发〔2017〕7号` in its query)."""

from collections.abc import Iterable, Iterator, Sequence

from domain.citation import Citation, DocumentNumber


def said(numbers: Iterable[DocumentNumber], citations: Sequence[Citation]) -> Iterator[Citation]:
    """What a page says of these documents, in any form of their numbers."""
    wanted = {number.key for number in numbers}
    return (item for item in citations if item.number and item.number.key in wanted)


def line(item: Citation) -> str:
    """`废止 repeals 鲁政办发〔2017〕7号: the sentence`."""
    number = item.number.text if item.number else item.title
    return f"{item.relation.chinese} {item.relation.value} {number}: {item.sentence[:200]}"
