"""Random tokens: the person or program has the token, the database only its SHA-256."""

from __future__ import annotations

import hashlib
import secrets

BYTES = 32  # 256 bit: nothing to guess, so a fast hash is enough


def new_token() -> str:
    """A fresh secret, safe in cookies and headers."""
    return secrets.token_urlsafe(BYTES)


def token_hash(token: str) -> str:
    """What the database keeps of a token, in hexadecimal."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
