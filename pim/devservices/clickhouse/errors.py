"""Errors as a ClickHouse server reports them: a code, a message, an HTTP status."""

from __future__ import annotations

import re
from http import HTTPStatus

SYNTAX_ERROR = 62
UNKNOWN_TYPE_OF_QUERY = 78
INCORRECT_DATA = 117
UNKNOWN_COMPRESSION_METHOD = 89
NOT_IMPLEMENTED = 48
BAD_ARGUMENTS = 36
SESSION_NOT_FOUND = 372
SESSION_IS_LOCKED = 373
AUTHENTICATION_FAILED = 516
UNKNOWN_EXCEPTION = 1002

_CODE = re.compile(r"Code: (\d+)\. DB::Exception: ")

# The statuses a server answers with; a code that is not here is a 500. From ClickHouse's
# src/Server/HTTP/exceptionCodeToHTTPStatus.cpp and src/Common/ErrorCodes.cpp.
_STATUS_OF_CODES: dict[HTTPStatus, tuple[int, ...]] = {
    HTTPStatus.BAD_REQUEST: (
        *(6, 8, 15, 25, 26, 27, 36, 37, 38, 41, 44, 53, 62, 72, 117, 123),
        *(167, 168, 223, 321, 376, 427, 441, 675, 676),
    ),
    HTTPStatus.UNAUTHORIZED: (194,),
    HTTPStatus.FORBIDDEN: (192, 193, 497, 512, 516),
    HTTPStatus.NOT_FOUND: (46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 152, 336, 511),
    HTTPStatus.REQUEST_TIMEOUT: (159,),
    HTTPStatus.LENGTH_REQUIRED: (381,),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (229,),
    HTTPStatus.NOT_IMPLEMENTED: (48,),
    HTTPStatus.SERVICE_UNAVAILABLE: (76, 209, 439),
}
_STATUS = {code: status for status, codes in _STATUS_OF_CODES.items() for code in codes}


class EngineError(Exception):
    """A failed statement. `str()` is the body a server would answer with."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"Code: {code}. DB::Exception: {message}")
        self.code = code

    @property
    def status(self) -> HTTPStatus:
        return _STATUS.get(self.code, HTTPStatus.INTERNAL_SERVER_ERROR)

    @classmethod
    def from_engine(cls, error: Exception) -> EngineError:
        """Read the code out of what chdb raises, whose messages have words of its own in front."""
        text = str(error)
        if (match := _CODE.search(text)) is None:
            return cls(UNKNOWN_EXCEPTION, text)
        return cls(int(match.group(1)), text[match.end() :])
