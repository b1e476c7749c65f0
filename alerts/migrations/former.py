"""What a migration needs of how things were: the words, types and sites of an old subscription, as a query."""

from collections.abc import Sequence


def query(words: Sequence[str], types: Sequence[str], sites: Sequence[str]) -> str:
    """Every word, any of the types, any of the sites. `health` among the types was heard whatever the words."""
    changes = [type for type in types if type != "health"]
    parts = [_word(word) for word in words]
    parts += [f"type:({' OR '.join(changes)})"] if changes else []
    parts += [f"site:({' OR '.join(sites)})"] if sites else []
    narrowed = " AND ".join(parts)
    if "health" not in types:
        return narrowed
    unwell = " AND ".join(["type:health", *([f"site:({' OR '.join(sites)})"] if sites else [])])
    if not changes:
        return unwell
    return f"({narrowed}) OR ({unwell})"


def _word(word: str) -> str:
    followed = word.strip().lower().startswith(("number", "文号")) and any(colon in word for colon in ":：")
    if followed:
        return f'number:"{word.replace("：", ":").partition(":")[2].strip()}"'
    return '"' + word.translate(dict.fromkeys(map(ord, '"“”\\'), " ")) + '"'
