"""`Idempotency-Key`: a POST that is sent twice does its work once.

The key's row is inserted first, in the transaction that also does the work and keeps the answer.
So a second request with the key waits at the unique index for the first one to commit and then
finds its answer; and when the first one fails or its process is killed, nothing is left behind
and the second does the work. Only answers that did something are kept: an error changed nothing,
and may be tried again with the same key.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta

from flask import Response, request
from sqlalchemy import ColumnElement, delete, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import OperationalError

from pim.api.json import whole_body
from pim.api.models import IdempotencyKey
from pim.core.clock import now
from pim.core.db import db, transaction
from pim.core.dberrors import LOCK_NOT_AVAILABLE, sqlstate
from pim.core.errors import Conflict, DomainError, FieldError, Invalid
from pim.core.tenancy import current_tenant_id
from pim.identity.access import current_actor

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT_HEADERS = ("Content-Type", "Location", "ETag")
KEPT_FOR = timedelta(hours=24)
WAIT_MS = 20_000
# Written in groups while they are read, so no single answer can stand for all of it.
STREAMED = "application/x-ndjson"
BLOCK = 1024 * 1024
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class _DidNothing(Exception):
    """Rolls back around an answer that isn't worth keeping."""

    def __init__(self, response: Response) -> None:
        self.response = response


def once(run: Callable[[], Response]) -> Response:
    """Run a request's work unless its key has been seen; then give the first answer again."""
    key = _key()
    fingerprint = _fingerprint()
    try:
        with transaction():
            first = _claim(key, fingerprint)
            if first is not None:
                return _replay(first, fingerprint)
            response = run()
            if response.status_code >= 400 or response.is_streamed:
                raise _DidNothing(response)
            _keep(key, response)
            return response
    except _DidNothing as nothing:
        return nothing.response


def _key() -> str:
    key = request.headers.get(HEADER, "").strip()
    if not _KEY.fullmatch(key):
        raise DomainError(
            f"{HEADER} has to be 1 to 255 visible ASCII characters.", code="bad_idempotency_key"
        )
    if request.mimetype == STREAMED:
        raise DomainError(
            f"{HEADER} isn't understood with {STREAMED}. Sending the same lines again is safe "
            "without it: they are upserts.",
            code="idempotency_key_not_supported",
        )
    return key


def _actor() -> str:
    actor = current_actor()
    return f"key:{actor.api_key_id}" if actor.api_key_id else f"user:{actor.user_id}"


def _fingerprint() -> str:
    """What was asked for, files included, without holding an upload in memory."""
    digest = hashlib.sha256()
    query = sorted(request.args.items(multi=True))
    head = (request.method, request.path, query, request.mimetype)
    digest.update(repr(head).encode("utf-8", "surrogatepass"))
    if request.mimetype != "multipart/form-data":
        digest.update(whole_body())
        return digest.hexdigest()
    # The boundary differs each time, so it is the parts that are compared.
    digest.update(repr(sorted(request.form.items(multi=True))).encode("utf-8", "surrogatepass"))
    for name, file in request.files.items(multi=True):
        digest.update(repr((name, file.filename)).encode("utf-8", "surrogatepass"))
        while block := file.stream.read(BLOCK):
            digest.update(block)
        file.stream.seek(0)
    return digest.hexdigest()


def _claim(key: str, fingerprint: str) -> IdempotencyKey | None:
    """Take the key; None when it is ours now, else the row of the request that had it first."""
    _forget_old()
    values = {
        "tenant_id": current_tenant_id(),
        "actor": _actor(),
        "key": key,
        "fingerprint": fingerprint,
        "created_at": now(),
    }
    db.session.execute(text(f"SET LOCAL lock_timeout = {WAIT_MS}"))
    try:
        taken = db.session.execute(
            insert(IdempotencyKey)
            .values(values)
            .on_conflict_do_nothing()
            .returning(IdempotencyKey.key)
        ).first()
    except OperationalError as error:
        if sqlstate(error) == LOCK_NOT_AVAILABLE:
            raise Conflict(
                "A request with this Idempotency-Key is still running.", code="still_running"
            ) from error
        raise
    db.session.execute(text("SET LOCAL lock_timeout = 0"))
    if taken:
        return None
    return db.session.scalars(select(IdempotencyKey).where(*_is(key))).one()


def _is(key: str) -> tuple[ColumnElement[bool], ...]:
    return (
        IdempotencyKey.tenant_id == current_tenant_id(),
        IdempotencyKey.actor == _actor(),
        IdempotencyKey.key == key,
    )


def _forget_old() -> None:
    """Remove some expired answers of this tenant, whoever they were for; others may help."""
    expired = (
        select(IdempotencyKey.actor, IdempotencyKey.key)
        .where(
            IdempotencyKey.tenant_id == current_tenant_id(),
            IdempotencyKey.created_at < now() - KEPT_FOR,
        )
        .order_by(IdempotencyKey.created_at)
        .limit(100)
        .with_for_update(skip_locked=True)
        .subquery()
    )
    db.session.execute(
        delete(IdempotencyKey).where(
            IdempotencyKey.tenant_id == current_tenant_id(),
            IdempotencyKey.actor == expired.c.actor,
            IdempotencyKey.key == expired.c.key,
        ),
        execution_options={"synchronize_session": False},
    )


def _replay(first: IdempotencyKey, fingerprint: str) -> Response:
    if first.fingerprint != fingerprint:
        message = "This Idempotency-Key was used for another request before."
        raise Invalid([FieldError(HEADER, "idempotency_key_reused", message)], message)
    response = Response(first.body or b"", first.status or 200)
    for name, value in first.headers.items():
        response.headers[name] = value
    response.headers[REPLAYED] = "true"
    return response


def _keep(key: str, response: Response) -> None:
    kept = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    db.session.execute(
        update(IdempotencyKey)
        .where(*_is(key))
        .values(status=response.status_code, headers=kept, body=response.get_data()),
        execution_options={"synchronize_session": False},
    )
