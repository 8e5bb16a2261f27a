"""What all pages share."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Add this room to the application."""
