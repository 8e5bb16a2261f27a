"""The API's blueprint, made from the declared routes: what each of them gets without asking."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from flask import Blueprint, Response, current_app, request

from pim.api import idempotency, ratelimit
from pim.api.routes import MEBIBYTE, UNSAFE, Resource, Route
from pim.core import settings
from pim.core.dberrors import retrying
from pim.identity.access import public, requires

NAME = "api"


def make_blueprint(resources: Iterable[Resource]) -> Blueprint:
    """A blueprint with every route of the resources under `/api`."""
    blueprint = Blueprint(NAME, __name__, url_prefix="/api")
    for resource in resources:
        for route in resource.routes:
            blueprint.add_url_rule(
                route.path, route.endpoint, view_of(route), methods=[route.method]
            )
    blueprint.url_value_preprocessor(_limit_body)
    blueprint.before_request(ratelimit.count_request)
    blueprint.after_request(ratelimit.add_headers)
    return blueprint


def view_of(route: Route) -> Callable[..., Response]:
    """A route's view, guarded as it declares."""

    @wraps(route.view)
    def guarded(**values: Any) -> Response:
        def run() -> Response:
            return route.view(**values)

        if route.idempotent and idempotency.HEADER in request.headers:
            return retrying(lambda: idempotency.once(run))
        return retrying(run) if route.method in UNSAFE else run()

    guarded.route = route  # type: ignore[attr-defined]
    declare = requires(route.permission) if route.permission else public
    return declare(guarded)


def _limit_body(endpoint: str | None, _: dict[str, Any] | None) -> None:
    """Set the body's limit before anything reads it."""
    view = current_app.view_functions.get(endpoint or "")
    route: Route | None = getattr(view, "route", None)
    if route and route.upload and request.mimetype == "multipart/form-data":
        request.max_content_length = settings().pim_max_upload_bytes + MEBIBYTE
    elif route and route.max_bytes is not None:
        request.max_content_length = route.max_bytes
