"""XML of strangers: no entities resolved, nothing fetched, names without their namespaces."""

import re

from lxml import etree

_PROLOG = re.compile(r"^\s*<\?xml[^>]*\?>")


def document(text: str) -> etree._Element | None:
    """The root of an XML document, as much of it as can be read; None where there is none."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False, encoding="utf-8")
    try:
        return etree.fromstring(_PROLOG.sub("", text).strip().encode("utf-8", "replace") or b"<none/>", parser)
    except etree.XMLSyntaxError:
        return None


def local(node: etree._Element) -> str:
    """An element's name without its namespace; empty for a comment or an instruction."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
