"""Where a list goes on, as an opaque text: the sort values of the last row that was shown.

Lists are read by keyset, never by offset: page 10,000 costs what page 1 costs, and rows that come
in between neither repeat nor hide another. The text is signed for one list in one order, so what
comes back is what was sent out, and a cursor of another list is refused instead of misread.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from pim.core.errors import DomainError, FieldError

DEFAULT_LIMIT, MAX_LIMIT = 50, 1000


class InvalidCursor(DomainError):
    """The cursor isn't one that this list gave out."""

    status, code, title = 400, "invalid_cursor", "Invalid cursor"

    def __init__(self, parameter: str = "after") -> None:
        message = "This cursor doesn't belong to this list in this order. Start again without it."
        super().__init__(message)
        self.errors = [FieldError(parameter, self.code, message)]


def encode_cursor(purpose: str, values: list[Any]) -> str:
    """Sort values as a cursor. purpose: the list and its order, for example `products:-name`.

    values: texts, numbers, booleans, None and moments.
    """
    return _serializer(purpose).dumps([_pack(value) for value in values])


def decode_cursor(purpose: str, cursor: str) -> list[Any]:
    """The sort values a cursor stands for; raises InvalidCursor."""
    try:
        values = _serializer(purpose).loads(cursor)
    except (BadSignature, ValueError) as error:
        raise InvalidCursor from error
    return [_unpack(value) for value in values]


def _serializer(purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt=f"cursor:{purpose}")


def _pack(value: Any) -> Any:
    return {"at": value.isoformat()} if isinstance(value, datetime) else value


def _unpack(value: Any) -> Any:
    return datetime.fromisoformat(value["at"]) if isinstance(value, dict) else value
