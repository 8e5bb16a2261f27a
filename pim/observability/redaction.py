"""Secrets never reach a log: by the name they are logged under, and by their looks. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

REMOVED = "[removed]"
_SECRET_NAME = re.compile(
    r"passw|secret|token|authorization|cookie|api_?key|csrf|credential|private|dsn|_hash$|^key$",
    re.IGNORECASE,
)
_HARMLESS_NAME = re.compile(r"_(?:id|count|seconds)$|^idempotency_key_", re.IGNORECASE)
_SECRET_LOOKS = (
    (re.compile(r"\bpim_[0-9a-f]{8}_[A-Za-z0-9_-]{16,}"), "pim_" + REMOVED),
    (re.compile(r"\bsk-ant-[A-Za-z0-9_-]{8,}"), "sk-ant-" + REMOVED),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}"), r"\1 " + REMOVED),
    (re.compile(r"(?<=://)([^\s:/@]*):[^\s@]+@"), r"\1:" + REMOVED + "@"),
    (re.compile(r"(?i)\b(password|secret|token|api_key)(=|: )[^\s&,;'\"]+"), r"\1\2" + REMOVED),
    (re.compile(r"\$argon2[a-z]*\$[^\s'\"]+"), REMOVED),
)
_DEPTH = 6


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The structlog processor: the event without what looks like a secret."""
    for name in list(event):
        event[name] = _clean(name, event[name], _DEPTH)
    return event


def clean_text(text: str) -> str:
    """A text without what looks like a secret."""
    for pattern, instead in _SECRET_LOOKS:
        text = pattern.sub(instead, text)
    return text


def _clean(name: str, value: Any, depth: int) -> Any:
    if _SECRET_NAME.search(name) and not _HARMLESS_NAME.search(name) and value is not None:
        return REMOVED
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Mapping) and depth:
        return {str(key): _clean(str(key), inner, depth - 1) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)) and depth:
        return [_clean("", inner, depth - 1) for inner in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return clean_text(str(value))
