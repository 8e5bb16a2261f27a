"""What a segment is doing, in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

INTERVALS = (
    ("60", "every minute"),
    ("300", "every 5 minutes"),
    ("900", "every 15 minutes"),
    ("3600", "every hour"),
    ("86400", "every day"),
)
_STATES = {
    "new": ("Waiting", ""),
    "queued": ("Waiting", ""),
    "computing": ("Computing", "ai"),
    "ready": ("Up to date", "ok"),
    "failed": ("Failed", "bad"),
}


@dataclass(frozen=True, slots=True)
class State:
    """The state as a tag."""

    label: str
    tone: str


def state_of(status: str, active: bool) -> State:
    """The state of a segment; one that rests is as it was when it was last computed."""
    if status == "ready" and not active:
        return State("Resting", "")
    return State(*_STATES.get(status, (status, "")))


def is_waiting(status: str) -> bool:
    """Whether a worker is at it, or will be in a moment."""
    return status in ("new", "queued", "computing")


def is_unchanged(status: str, computed_at: datetime | None, checked_at: datetime | None) -> bool:
    """Whether it was looked at since it was last computed, and nothing had changed."""
    if status == "failed" or computed_at is None or checked_at is None:
        return False
    return (checked_at - computed_at).total_seconds() > 1


def interval_words(seconds: int) -> str:
    """`every 5 minutes`."""
    known = dict(INTERVALS).get(str(seconds))
    return known or f"every {seconds} seconds"
