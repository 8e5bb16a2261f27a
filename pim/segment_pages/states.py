"""What a segment is doing, in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass

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


def interval_words(seconds: int) -> str:
    """`every 5 minutes`."""
    known = dict(INTERVALS).get(str(seconds))
    return known or f"every {seconds} seconds"
