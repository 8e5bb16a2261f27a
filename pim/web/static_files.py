"""Addresses of our own static files, with a hash of their content so that they cache for ever."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for

YEAR = 365 * 24 * 3600


def static_url(path: str) -> str:
    """`css/base.css` → `/static/css/base.css?v=3f2a…`. A file that isn't there is an error."""
    file = Path(str(current_app.static_folder)) / path
    return url_for("static", filename=path, v=_digest(file, file.stat().st_mtime_ns))


@lru_cache(maxsize=256)
def _digest(file: Path, changed_at: int) -> str:
    """changed_at is only there so that an edited file is read again."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def cache_for_long(response: Response) -> Response:
    """Tell browsers to keep what was asked for by its hash; anything else is checked each time."""
    if request.endpoint == "static" and response.status_code in (200, 304):
        if request.args.get("v"):
            response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
        else:
            response.headers["Cache-Control"] = "no-cache"
    return response


def init_app(app: Flask) -> None:
    """Register the template helper and the cache header."""
    app.jinja_env.globals["static_url"] = static_url
    app.after_request(cache_for_long)
