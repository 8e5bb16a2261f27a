"""Logs as JSON lines on stderr, each with its request, tenant and actor; text for a laptop.

Code logs with the standard library (`log.info("import_started", extra={"import_id": 7})`): an
event in words_with_underscores and values beside it. Values go through `redaction`.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from flask import has_request_context, request

from pim.config import Settings
from pim.core.tenancy import current_scope
from pim.observability.redaction import redact

QUIET = {
    "alembic": logging.WARNING,
    "werkzeug": logging.WARNING,
    "urllib3": logging.WARNING,
    "httpx": logging.WARNING,
    # At DEBUG they write whole requests.
    "boto3": logging.WARNING,
    "botocore": logging.WARNING,
    "s3transfer": logging.WARNING,
}
ACTOR = "pim.actor"
"""Where the identity room keeps who acts in a request."""

Event = MutableMapping[str, Any]


class PimHandler(logging.StreamHandler[Any]):
    """Ours, so that configuring twice replaces it and leaves others (pytest's) alone."""

    def __init__(self) -> None:
        super().__init__()

    @property
    def stream(self) -> Any:
        """stderr as it is now: tests and supervisors exchange it."""
        return sys.stderr

    @stream.setter
    def stream(self, _: Any) -> None:
        """Always stderr."""


def configure(settings: Settings) -> None:
    """Send all logs of this process to stderr in the format the settings ask for."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_who,
    ]
    if settings.log_format == "json":
        rendering: list[Any] = [
            structlog.processors.format_exc_info,
            redact,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    else:
        rendering = [
            structlog.processors.format_exc_info,
            redact,
            structlog.dev.ConsoleRenderer(colors=False),
        ]
    handler = PimHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
        )
    )
    root = logging.getLogger()
    root.handlers = [h for h in root.handlers if not isinstance(h, PimHandler)] + [handler]
    root.setLevel(settings.log_level)
    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(max(level, root.level))


def add_who(_logger: Any, _method: str, event: Event) -> Event:
    """Name the tenant and who acts in it, as far as they are known."""
    scope = current_scope()
    if scope.tenant_id is not None:
        event.setdefault("tenant_id", scope.tenant_id)
    actor = request.environ.get(ACTOR) if has_request_context() else None
    if actor is not None:
        # The identity room is above this one; only what an actor has by contract is read.
        number = actor.api_key_id if actor.kind == "api_key" else actor.user_id
        event.setdefault("actor", f"{actor.kind}:{number}")
    # pytest's handler, and others, leave the formatted text on the record.
    event.pop("message", None)
    return event


def bind(**values: Any) -> None:
    """Add values to every line this thread logs from now on, until `unbind_all`."""
    structlog.contextvars.bind_contextvars(**values)


def unbind_all() -> None:
    """Forget what was bound: the next request or job starts clean."""
    structlog.contextvars.clear_contextvars()
