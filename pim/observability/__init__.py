"""Logging, metrics, health: what an operator sees of the running product."""

from __future__ import annotations

from flask import Flask

from pim.core import EXTENSION
from pim.observability import health, logs, metrics, requests


def init_app(app: Flask) -> None:
    """Add this room to the application."""
    logs.configure(app.extensions[EXTENSION])
    requests.init_app(app)
    health.init_app(app)
    metrics.init_app(app)
