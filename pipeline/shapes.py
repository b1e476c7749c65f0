"""The JSON shapes that scripts of others rely on (see design of record, «Names of commands»)."""

from typing import Any

from domain.change import Change


def change_shape(change: Change) -> dict[str, Any]:
    """One change. `at` is UTC."""
    return {
        "id": change.id,
        "url": change.url,
        "site": change.site,
        "type": change.type.value,
        "at": change.at.isoformat(),
        "severity": change.severity,
        "version": change.version,
        "previous": change.previous,
        "cosmetic": change.cosmetic,
        "reprint_of": change.reprint_of,
        "reverts_to": change.reverts_to,
        "reason": change.reason,
        "evidence": list(change.evidence),
        "fields": [edit.model_dump() for edit in change.fields],
    }
