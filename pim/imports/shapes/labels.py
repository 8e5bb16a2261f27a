"""How rows of one kind are called in a header: `de_DE`, `print`, `de_DE-print`, `EUR`."""

from __future__ import annotations

from collections.abc import Sequence


def labels_of(kind: Sequence[str], main: Sequence[str]) -> list[str]:
    """The names rows of a kind may go by, the plainest first.

    kind: (language, channel), or one value. A part that is the main row's is no difference.
    """
    differing = [value for value, usual in zip(kind, main, strict=True) if value and value != usual]
    found = list(dict.fromkeys(differing))
    whole = "-".join(value for value in kind if value)
    if whole and whole not in found:
        found.append(whole)
    return found or ["main"]
