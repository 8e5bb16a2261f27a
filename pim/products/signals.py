"""What products says aloud, to whoever listens; it doesn't know who."""

from __future__ import annotations

from blinker import Signal

change_set_written = Signal()
"""A change set with changes was written in the transaction in force, which may still roll back.

Sent with the tenant's id as sender and `change_set_id`.
"""
