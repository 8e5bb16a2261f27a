"""One address serves a page, or for htmx the block of that page it asked for.

The view names the block, never the client: a block chosen by a header would go past the view's
own decisions. Works without JavaScript by construction, because the page is the ordinary answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Response, get_flashed_messages, make_response, render_template, request
from flask import redirect as plain_redirect
from jinja2_fragments.flask import render_blocks
from werkzeug.wrappers import Response as BaseResponse

VARY = ("HX-Request", "HX-Request-Type")


def is_htmx() -> bool:
    """Whether the request was made by htmx (its script, not the browser's own navigation)."""
    return request.headers.get("HX-Request") == "true"


def wants_block() -> bool:
    """Whether a part of a page is wanted.

    htmx says `full` when it is going to replace the whole body or to select from it: Back and
    Forward after a pushed URL, and boosted links. Those get the page.
    """
    return is_htmx() and request.headers.get("HX-Request-Type") == "partial"


def render(
    template: str,
    block: str | tuple[str, ...] | None = None,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> Response:
    """Answer with the page, or with its block(s) alone when htmx wants a part.

    block: name(s) of `{% block %}` in the template; several are sent one after the other (give the
    further ones `hx-swap-oob` or wrap them in `<hx-partial>`). Without a block the page is always
    sent. Messages given to `flash()` travel along and appear in the page's message region.
    """
    if block is None or not wants_block():
        body = render_template(template, **context)
    else:
        names = [block] if isinstance(block, str) else list(block)
        body = render_blocks(template, names, **context) + flashed()
    response = make_response(body, status)
    vary(response)
    response.headers.extend(dict(headers or {}))
    return response


def flashed() -> str:
    """The waiting messages as a part that htmx adds to the message region; empty when none wait."""
    if not get_flashed_messages():
        return ""
    return render_template("components/_flashed.html")


def redirect(url: str, status: int = 303) -> BaseResponse:
    """Go to another page, whoever asks: 303 for a form, HX-Redirect (a full load) for htmx."""
    if not is_htmx():
        return plain_redirect(url, status)
    response = make_response("", 204)
    response.headers["HX-Redirect"] = url
    return vary(response)


def vary(response: Response) -> Response:
    """Say that the answer depends on who asked, so that no cache hands a block out as a page."""
    response.vary.update(VARY)
    return response


def push_url(response: Response, url: str) -> Response:
    """Put another URL into the address bar than the one that was asked for."""
    response.headers["HX-Push-Url"] = url
    return response


def trigger(response: Response, event: str, **detail: Any) -> Response:
    """Let other regions of the page know: `hx-trigger="products-changed from:body"` hears it."""
    events = json.loads(response.headers.get("HX-Trigger") or "{}")
    events[event] = detail
    response.headers["HX-Trigger"] = json.dumps(events)
    return response


def into_messages(response: Response) -> Response:
    """Send a fragment to the message region, wherever the request wanted it.

    A region that prefers its own place says so: `hx-status:5xx="target:this swap:innerHTML"`.
    """
    response.headers["HX-Retarget"] = "#flashes"
    response.headers["HX-Reswap"] = "beforeend"
    response.headers["HX-Push-Url"] = "false"
    return response
