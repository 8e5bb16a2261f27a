"""Who may do what, as one table. Everything that asks for a permission asks here."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person or an API key is in a tenant; each role may do what those before it may."""

    VIEWER = "viewer"
    EDITOR = "editor"
    MANAGER = "manager"
    ADMIN = "admin"

    def includes(self, other: Role) -> bool:
        """Whether this role may do everything the other may."""
        return ROLES.index(self) >= ROLES.index(other)


ROLES = tuple(Role)

# permission: the lowest role that has it
PERMISSIONS: dict[str, Role] = {
    "account.manage": Role.VIEWER,
    "catalog.read": Role.VIEWER,
    "schema.read": Role.VIEWER,
    "import.read": Role.VIEWER,
    "segment.read": Role.VIEWER,
    "people.read": Role.VIEWER,
    "settings.read": Role.VIEWER,
    "product.write": Role.EDITOR,
    "import.run": Role.EDITOR,
    "segment.write": Role.EDITOR,
    "event.write": Role.EDITOR,
    "product.delete": Role.MANAGER,
    "mapping.delete": Role.MANAGER,
    "segment.delete": Role.MANAGER,
    "schema.write": Role.MANAGER,
    "settings.write": Role.ADMIN,
    "people.manage": Role.ADMIN,
    "api_keys.manage": Role.ADMIN,
}

ROLE_MEANS: dict[Role, str] = {
    Role.VIEWER: "sees everything, changes nothing",
    Role.EDITOR: "also edits products and segments, and imports files",
    Role.MANAGER: "also deletes products and segments, and changes the schema",
    Role.ADMIN: "also manages people and API keys",
}


def role_has(role: Role, permission: str) -> bool:
    """Whether a role has a permission; raises KeyError for a permission that isn't in the table."""
    return role.includes(PERMISSIONS[permission])
