"""Light, dark or as the system: kept in a cookie, so the first byte of a page is already right."""

from __future__ import annotations

from typing import Literal, cast
from urllib.parse import urlsplit

from flask import Blueprint, current_app, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from pim.web.htmx import redirect
from pim.web.security import public

Theme = Literal["auto", "light", "dark"]
COOKIE = "theme"
YEAR = 365 * 24 * 3600

blueprint = Blueprint("preferences", __name__, url_prefix="/preferences")


def theme() -> Theme:
    """What this browser asked for; anything unknown counts as the system's choice."""
    value = request.cookies.get(COOKIE, "auto")
    return cast("Theme", value) if value in ("light", "dark") else "auto"


def theme_attr() -> Markup:
    """The attribute of <html>: nothing when the system decides."""
    value = theme()
    return Markup("") if value == "auto" else Markup(' data-theme="{}"').format(value)


@blueprint.post("/theme")
@public
def choose_theme() -> Response:
    """Keep the choice and go back to where the person was."""
    value = request.form.get("theme", "auto")
    response = redirect(local_path(request.form.get("next", "/")))
    if value in ("light", "dark"):
        response.set_cookie(
            COOKIE,
            value,
            max_age=YEAR,
            samesite="Lax",
            secure=bool(current_app.config.get("SESSION_COOKIE_SECURE")),
        )
    else:
        response.delete_cookie(COOKIE)
    return response


def local_path(target: str) -> str:
    """The target when it stays on this site, else the start page: no redirect to elsewhere.

    Backslashes and control characters are refused because browsers read `/\\host` as `//host`.
    """
    if not target.startswith("/") or target.startswith("//"):
        return "/"
    if "\\" in target or not target.isprintable():
        return "/"
    parts = urlsplit(target)
    return "/" if parts.scheme or parts.netloc else target
