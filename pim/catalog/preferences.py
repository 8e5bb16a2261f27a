"""The columns a person chose, remembered in their browser, one choice for each tenant.

An address that names columns is taken at its word and remembered; one that doesn't shows what was
chosen last. A cookie, not a table: the choice belongs to the screen it was made for.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote, unquote

from flask import request
from werkzeug.wrappers import Response

from pim.catalog.build import Asked
from pim.core import settings
from pim.core.tenancy import current_tenant_id

YEAR = 365 * 24 * 3600
USUAL = ("default",)
MAX_COOKIE = 3_000


def _name() -> str:
    return f"pim_columns_{current_tenant_id()}"


def with_columns(asked: Asked) -> Asked:
    """The address with the remembered columns, unless it names its own."""
    columns = asked.state.columns
    if columns == USUAL:
        columns = None
    elif columns is None:
        kept = unquote(request.cookies.get(_name(), ""))
        columns = tuple(name for name in kept.split(",") if name) or None
    return replace(asked, chosen=columns)


def remember(response: Response, asked: Asked) -> Response:
    """Keep the columns the address names; `default` forgets them."""
    columns = asked.state.columns
    if columns == USUAL:
        response.delete_cookie(_name())
    elif columns is not None:
        value = quote(",".join(columns))
        if len(value) <= MAX_COOKIE:
            response.set_cookie(
                _name(),
                value,
                max_age=YEAR,
                httponly=True,
                samesite="Lax",
                secure=settings().secure_cookies,
            )
    return response
