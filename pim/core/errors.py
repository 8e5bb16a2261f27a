"""Errors of the domain. Web and API each turn them into an answer in exactly one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with the input.

    path: JSON pointer (`/products/3/price/amount`) or the name of a form field.
    code: stable word for programs (`not_a_number`); message: a sentence for people.
    """

    path: str
    code: str
    message: str

    def as_dict(self) -> dict[str, str]:
        """The shape the API answers with."""
        return {"path": self.path, "code": self.code, "message": self.message}


class DomainError(Exception):
    """Something a person or program did that can't be done; the message is meant for them."""

    status = 400
    code = "bad_request"
    title = "That can't be done"

    def __init__(self, message: str, *, code: str | None = None, **extra: Any) -> None:
        super().__init__(message)
        self.message = message
        if code:
            self.code = code
        self.extra = extra


class NotFound(DomainError):
    """It isn't there, or it belongs to another tenant: the two look the same."""

    status, code, title = 404, "not_found", "Not found"


class NotSignedIn(DomainError):
    """Nobody is signed in, or the token is wrong, expired or revoked."""

    status, code, title = 401, "not_signed_in", "Sign in first"


class Forbidden(DomainError):
    """Known, but not allowed."""

    status, code, title = 403, "forbidden", "Not allowed"


class Conflict(DomainError):
    """It contradicts the present state."""

    status, code, title = 409, "conflict", "Conflicts with the present state"


class StaleVersion(DomainError):
    """Someone else changed the product since it was read.

    extra: `current` (the product's values now) and `yours` (what was to be written).
    """

    status, code, title = 412, "stale_version", "Changed in the meantime"


class TooLarge(DomainError):
    """More bytes than allowed."""

    status, code, title = 413, "too_large", "Too large"


class UnsupportedMediaType(DomainError):
    """A body of a kind that isn't understood here."""

    status, code, title = 415, "unsupported_media_type", "Unsupported media type"


class Invalid(DomainError):
    """Input that was understood but isn't acceptable; each problem has its place."""

    status, code, title = 422, "invalid", "Some of this isn't right"

    def __init__(self, errors: Sequence[FieldError], message: str | None = None) -> None:
        super().__init__(message or (errors[0].message if errors else "Invalid input"))
        self.errors = list(errors)


class RateLimited(DomainError):
    """Too often. extra: `retry_after` in seconds."""

    status, code, title = 429, "rate_limited", "Too many attempts"


class Unavailable(DomainError):
    """A service this needs doesn't answer at the moment."""

    status, code, title = 503, "unavailable", "Not available right now"


class NoRoom(DomainError):
    """A disk is full."""

    status, code, title = 507, "no_room", "No room left"
