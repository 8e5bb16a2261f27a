"""Tenants, people, roles, sign-in and API keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Add this room to the application."""
    from pim.identity import access

    access.init_app(app)
