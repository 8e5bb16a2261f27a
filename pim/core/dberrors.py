"""What PostgreSQL's error codes mean to the one who asked, and which of them are worth a retry.

Codes: https://www.postgresql.org/docs/current/errcodes-appendix.html. Anything not listed is a
fault of ours and stays an unexpected error.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from pim.core.db import db
from pim.core.errors import Conflict, DomainError, FieldError, Invalid, TooLarge, Unavailable

Answer = TypeVar("Answer")

SERIALIZATION_FAILURE, DEADLOCK, LOCK_NOT_AVAILABLE = "40001", "40P01", "55P03"
RETRYABLE = frozenset({SERIALIZATION_FAILURE, DEADLOCK})
UNIQUE, FOREIGN_KEY = "23505", "23503"
INVALID_TEXT = frozenset({"22021", "22P05", "22P02"})
OUT_OF_RANGE = frozenset({"22003", "22008"})
TOO_LONG = "22001"
TOO_BIG = frozenset({"54000", "54001"})
CONNECTION_GONE = frozenset({"57P01", "57P02", "57P03", "53300", "25006"})
PAUSE_SECONDS = 0.05


def sqlstate(error: BaseException) -> str:
    """The five-character code PostgreSQL gave, or nothing."""
    return str(getattr(getattr(error, "orig", error), "sqlstate", None) or "")


def translate(error: BaseException) -> DomainError | None:
    """The domain error a database error stands for; None when it is a fault of ours."""
    if isinstance(error, PoolTimeout):
        return Unavailable("The server is busy. Please try again in a moment.")
    if not isinstance(error, DBAPIError):
        return None
    return _of_code(sqlstate(error)) or _of_connection(error)


def _of_code(code: str) -> DomainError | None:
    if code == UNIQUE:
        return Conflict("Something with this name or number exists already.")
    if code == FOREIGN_KEY:
        return Conflict("Something else still refers to this, or what it refers to is gone.")
    if code in RETRYABLE or code == LOCK_NOT_AVAILABLE:
        return Conflict("Somebody else is changing this right now. Please try again.", code="busy")
    if code in INVALID_TEXT:
        return _invalid("invalid_text", "The text has a character that can't be stored.")
    if code in OUT_OF_RANGE:
        return _invalid("out_of_range", "A number or date is too large to be stored.")
    if code == TOO_LONG:
        return _invalid("too_long", "A text is too long.")
    if code in TOO_BIG:
        return TooLarge("That is more than can be stored at once.")
    return None


def _of_connection(error: DBAPIError) -> DomainError | None:
    gone = error.connection_invalidated or sqlstate(error) in CONNECTION_GONE
    never_there = isinstance(error, (OperationalError, InterfaceError)) and not sqlstate(error)
    if gone or never_there:
        return Unavailable("The database doesn't answer at the moment. Please try again.")
    return None


def _invalid(code: str, message: str) -> Invalid:
    return Invalid([FieldError("", code, message)])


def is_retryable(error: BaseException) -> bool:
    """Whether the same transaction may well succeed when it is run again."""
    return isinstance(error, DBAPIError) and sqlstate(error) in RETRYABLE


def retrying(action: Callable[[], Answer], *, attempts: int = 3) -> Answer:
    """Run a whole transaction; after a deadlock or serialization failure run all of it again.

    `action` opens and commits its own transaction, so that each attempt starts clean. Inside an
    open transaction there is nothing to be saved: there the error goes up to whoever opened it.
    """
    nested = bool(db.session().info.get("in_transaction_block"))
    for attempt in range(1, attempts + 1):
        try:
            return action()
        except DBAPIError as error:
            if nested or attempt == attempts or not is_retryable(error):
                raise
            db.session.rollback()
            # Two that met once should not meet again at the same moment.
            time.sleep(PAUSE_SECONDS * attempt * (0.5 + random.random()))  # noqa: S311
    raise AssertionError("unreachable")
