"""A program's way in: `Authorization: Bearer pim_…`, resolved to the key's tenant and role."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import or_, select, update

from pim.core.clock import now
from pim.core.db import db, transaction
from pim.core.tenancy import Scope, api_key_scope, enter_request_scope
from pim.identity.actor import Actor
from pim.identity.models import ApiKey
from pim.identity.permissions import Role
from pim.identity.tokens import new_token, token_hash

LABEL = "pim_"
USED_EVERY = timedelta(minutes=1)


def new_key() -> tuple[str, str]:
    """A fresh key and its prefix, by which people tell keys apart: `pim_3fa9c1…`."""
    prefix = LABEL + secrets.token_hex(4)
    return f"{prefix}_{new_token()}", prefix


def actor_of_key(key: str) -> Actor | None:
    """Who acts with this key, or None when it is unknown, expired or revoked.

    Puts the key's tenant in force for the rest of the request.
    """
    if not key.startswith(LABEL):
        return None
    hashed = token_hash(key)
    with api_key_scope(hashed):
        found = db.session.scalars(
            select(ApiKey).where(
                ApiKey.key_hash == hashed,
                ApiKey.revoked_at.is_(None),
                or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > now()),
            )
        ).one_or_none()
        if found is None:
            return None
        actor = Actor("api_key", found.tenant_id, Role(found.role), found.name, api_key_id=found.id)
        key_id, used_at = found.id, found.last_used_at
    enter_request_scope(Scope(tenant_id=actor.tenant_id))
    if used_at is None or used_at < now() - USED_EVERY:
        _note_use(key_id)
    return actor


def _note_use(key_id: int) -> None:
    """Remember when the key was last used, at most once a minute."""
    moment = now()
    with transaction() as session:
        session.execute(
            update(ApiKey)
            .where(
                ApiKey.id == key_id,
                or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at < moment - USED_EVERY),
            )
            .values(last_used_at=moment)
        )
