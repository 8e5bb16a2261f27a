"""What the vocabulary says aloud, to whoever listens; it doesn't know who."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from blinker import Signal

fields_renamed = Signal()
"""Fields have other names, in the transaction in force, which may still roll back.

Sent with the tenant's id as sender and `renames`: old name by new name.
"""

field_needed = Signal()
"""Who needs a field that somebody is about to delete?

Sent with the tenant's id as sender and `name`: the field's. Listeners answer with a list of `Need`.
"""


@dataclass(frozen=True, slots=True)
class Need:
    """Something that stops working without a field. what: a segment, say; href: its page."""

    what: str
    name: str
    href: str


def needs_of(tenant_id: int, name: str) -> Iterator[Need]:
    """Whatever needs a field of the tenant in force."""
    for _, found in field_needed.send(tenant_id, name=name):
        yield from found
