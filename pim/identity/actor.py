"""Who acts: a person, a program with an API key, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from pim.identity.permissions import Role, role_has


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever does something in a tenant, with the role they have there."""

    kind: Literal["user", "api_key", "system"]
    tenant_id: int
    role: Role
    name: str
    user_id: int | None = None
    api_key_id: int | None = None

    def can(self, permission: str) -> bool:
        """Whether their role has the permission."""
        return role_has(self.role, permission)


@dataclass(frozen=True, slots=True)
class TenantRole:
    """A tenant a person belongs to, and what they are there."""

    tenant_id: int
    slug: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A valid sign-in: the person, their tenants, and the tenant they work in.

    `here` is None for a person who belongs to no tenant (any more).
    """

    session_id: int
    token_hash: str = field(repr=False)
    user_id: int
    email: str
    user_name: str
    memberships: tuple[TenantRole, ...]
    here: TenantRole | None
    seen_at: datetime
    must_change_password: bool = False

    @property
    def name(self) -> str:
        """How pages call this person."""
        return self.user_name or self.email

    @property
    def tenant_name(self) -> str:
        """The tenant they work in."""
        return self.here.name if self.here else ""

    @property
    def tenant_slug(self) -> str:
        """Its slug."""
        return self.here.slug if self.here else ""

    @property
    def tenants(self) -> list[tuple[str, str]]:
        """Every tenant they belong to, as (slug, name)."""
        return [(each.slug, each.name) for each in self.memberships]

    def can(self, permission: str) -> bool:
        """Whether they have the permission in the tenant they work in."""
        return self.here is not None and role_has(self.here.role, permission)

    def actor(self) -> Actor | None:
        """The person as one who acts in their present tenant."""
        if self.here is None:
            return None
        return Actor("user", self.here.tenant_id, self.here.role, self.name, user_id=self.user_id)
