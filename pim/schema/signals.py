"""What the vocabulary says aloud, to whoever listens; it doesn't know who."""

from __future__ import annotations

from blinker import Signal

fields_renamed = Signal()
"""Fields have other names, in the transaction in force, which may still roll back.

Sent with the tenant's id as sender and `renames`: old name by new name.
"""
