"""Passwords: kept as argon2id hashes, checked in the same time whether the account exists or not.

https://www.rfc-editor.org/rfc/rfc9106.html; parameters are argon2-cffi's defaults, and a hash made
with older ones is replaced at the next sign-in.
"""

from __future__ import annotations

import secrets
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from pim.core.errors import FieldError, Invalid

SHORTEST, LONGEST = 10, 1000
# Without letters and digits that look alike, for passwords that are read from a screen.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"

_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """The hash to keep; it contains its parameters and a random salt."""
    return _hasher.hash(_bytes(password))


def is_correct(password: str, kept: str | None) -> bool:
    """Whether this is the password of a hash. kept None (no such account): False, equally slow."""
    decoy = _decoy()
    try:
        return _hasher.verify(kept or decoy, _bytes(password[: LONGEST + 1])) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def needs_new_hash(kept: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(kept)


def check_is_acceptable(password: str, email: str, field: str = "password") -> None:
    """Raise Invalid for a password that is too short, too long or the e-mail address."""
    if len(password) < SHORTEST:
        problem = ("too_short", f"The password needs at least {SHORTEST} characters.")
    elif len(password) > LONGEST:
        problem = ("too_long", f"The password may have at most {LONGEST} characters.")
    elif password.strip().casefold() == email.strip().casefold():
        problem = ("is_email", "The password is the e-mail address. Choose another.")
    else:
        return
    raise Invalid([FieldError(field, *problem)])


def readable_password() -> str:
    """A random password that is easy to read out: about 79 bit in four groups."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


@lru_cache(maxsize=1)
def _decoy() -> str:
    """A hash nobody knows the password of, made with today's parameters."""
    return _hasher.hash(secrets.token_bytes(16))


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
