"""What a check has found so far: counts, errors by reason, fields that change. Pure.

It is kept with the import after each chunk, so that a check goes on where it was interrupted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from pim.imports.chunks import Issue

SAMPLES = 5
COUNTS = ("created", "updated", "unchanged", "failed", "superseded")
_SHOWN_CHARS = 200


@dataclass(slots=True)
class Group:
    """One reason in one column: how often it was met, and the first few times."""

    severity: str
    code: str
    column: str | None
    count: int = 0
    sample: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """JSON shape."""
        return asdict(self)


@dataclass(slots=True)
class Findings:
    """Everything found up to `line`. stopped: where the import would end, and why."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0
    superseded: int = 0
    errors: list[Group] = field(default_factory=list)
    fields: dict[str, int] = field(default_factory=dict)
    stopped: str | None = None

    @property
    def processed(self) -> int:
        """Rows whose fate is known."""
        return sum(getattr(self, name) for name in COUNTS)

    def add_fields(self, fields: Mapping[str, int]) -> None:
        """Count products whose value of a field changes."""
        for name, times in fields.items():
            self.fields[name] = self.fields.get(name, 0) + times

    def add_issues(self, issues: Iterable[Issue], headers: Sequence[str]) -> None:
        """Count what is wrong with rows, by reason and column; replaced rows aren't wrong."""
        row: tuple[int, Sequence[Any]] = (0, ())
        for issue in issues:
            if issue.severity == "info":
                continue
            if issue.row:
                row = issue.line, issue.row  # it is told once, with the row's first problem
            group = self._group(issue)
            group.count += 1
            if len(group.sample) < SAMPLES:
                cells = row[1] if row[0] == issue.line else ()
                group.sample.append(_sample(issue, cells, headers))

    def add_count(self, issue: Issue, count: int, samples: Sequence[Issue]) -> None:
        """Count one problem that many rows have; samples: the first of them."""
        if not count:
            return
        group = self._group(issue)
        group.count += count
        room = SAMPLES - len(group.sample)
        group.sample += [_sample(each, (), ()) for each in samples[:room]]

    def _group(self, issue: Issue) -> Group:
        for group in self.errors:
            if (group.severity, group.code, group.column) == (
                issue.severity,
                issue.code,
                issue.column,
            ):
                return group
        group = Group(issue.severity, issue.code, issue.column)
        self.errors.append(group)
        return group

    def as_dict(self) -> dict[str, Any]:
        """JSON shape, as it is kept."""
        return asdict(self)

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Findings:
        """The reverse of `as_dict`; what isn't there is empty."""
        known = {name: kept[name] for name in cls.__slots__ if name in kept}
        known["errors"] = [Group(**group) for group in kept.get("errors", ())]
        return cls(**known)


def _sample(issue: Issue, cells: Sequence[Any], headers: Sequence[str]) -> dict[str, Any]:
    value = None
    if issue.column in headers:
        place = headers.index(issue.column)
        value = str(cells[place])[:_SHOWN_CHARS] if place < len(cells) else None
    return {"line": issue.line, "value": value, "message": issue.message}
