"""Saved mappings: named, changed, removed, and applied to a file. Callers commit.

Whoever may run imports may use, save and change them; removing one takes whoever made it, or a
manager.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from pim.core.clock import now
from pim.core.db import db
from pim.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, StaleVersion
from pim.core.tenancy import current_tenant_id
from pim.identity.access import can, current_actor
from pim.imports.mapping import rules_from_dict
from pim.imports.memory import Memory
from pim.imports.models import ImportJob, MappingProfile
from pim.imports.profile_rules import (
    Applied,
    Draft,
    Match,
    match,
    merged,
    parse_draft,
    parse_name,
    remembered,
    rules_of,
)
from pim.imports.queries import get_import
from pim.imports.remembering import remember, remembered_columns
from pim.imports.suggestion import SKU
from pim.schema.queries import current_vocabulary
from pim.schema.types import shown

# So many are compared with a file; a tenant with more finds the others by name.
COMPARED = 500
_UNIQUE_NAME = "uq_mapping_profiles_tenant_id_name"


def profiles_of_tenant() -> Select[MappingProfile]:
    """All saved mappings of the tenant in force; raises NoTenant without one."""
    return select(MappingProfile).where(MappingProfile.tenant_id == current_tenant_id())


def sort_key() -> ColumnElement[str]:
    """What lists of them are ordered by; no two of a tenant share it."""
    return func.lower(MappingProfile.name)


def list_profiles(*, limit: int, after: str | None = None) -> Sequence[tuple[MappingProfile, str]]:
    """Saved mappings by name, each with its sort key; after: only those behind that key."""
    statement = select(MappingProfile, sort_key()).where(
        MappingProfile.tenant_id == current_tenant_id()
    )
    if after is not None:
        statement = statement.where(sort_key() > after)
    rows = db.session.execute(statement.order_by(sort_key()).limit(limit))
    return [(row[0], row[1]) for row in rows]


def count_profiles() -> int:
    """How many saved mappings the tenant has."""
    statement = select(func.count()).where(MappingProfile.tenant_id == current_tenant_id())
    return int(db.session.scalar(statement.select_from(MappingProfile)) or 0)


def get_profile(profile_id: int, *, lock: bool = False) -> MappingProfile:
    """One saved mapping as it is now; raises NotFound."""
    statement = profiles_of_tenant().where(MappingProfile.id == profile_id)
    return _one(statement.with_for_update() if lock else statement)


def profile_named(name: str, path: str = "/profile") -> MappingProfile:
    """A saved mapping by its name, without regard to case; raises Invalid."""
    plain = " ".join(name.split())
    if "\0" not in plain:
        try:
            return _one(profiles_of_tenant().where(sort_key() == func.lower(plain)))
        except NotFound:
            pass
    message = f"There is no saved mapping called {shown(name)}."
    raise Invalid([FieldError(path, "unknown_profile", message)])


def _one(statement: Select[MappingProfile]) -> MappingProfile:
    found = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound("There is no such saved mapping.")
    return found


def matching_profiles(headers: Sequence[str]) -> list[tuple[MappingProfile, Match]]:
    """The saved mappings that share columns with a file, best first."""
    statement = profiles_of_tenant().order_by(MappingProfile.updated_at.desc()).limit(COMPARED)
    found = [(each, _match(each, headers)) for each in db.session.scalars(statement)]
    fitting = [pair for pair in found if pair[1].rules]
    return sorted(fitting, key=lambda pair: pair[1].score, reverse=True)


def create_profile(draft: Draft) -> MappingProfile:
    """Keep a mapping under a name; raises Invalid when the name is taken."""
    actor, moment = current_actor(), now()
    statement = (
        insert(MappingProfile)
        .values(
            tenant_id=current_tenant_id(),
            **_values(draft),
            created_by_id=actor.user_id,
            created_by_api_key_id=actor.api_key_id,
            created_at=moment,
            updated_by_id=actor.user_id,
            updated_by_api_key_id=actor.api_key_id,
            updated_at=moment,
        )
        .on_conflict_do_nothing(
            index_elements=[MappingProfile.tenant_id, func.lower(MappingProfile.name)]
        )
        .returning(MappingProfile.id)
    )
    made = db.session.scalar(statement)
    if made is None:
        raise _name_taken(draft.name)
    remember(draft.headers, draft.confirmation.rules)
    return get_profile(made)


def change_profile(
    profile_id: int, draft: Draft, *, expected_version: int | None = None
) -> MappingProfile:
    """Put a draft in place of what there was; raises StaleVersion, Invalid when the name is taken.

    expected_version: what was read before; None insists on nothing.
    """
    profile = get_profile(profile_id, lock=True)
    _refuse_stale(profile, expected_version)
    actor = current_actor()
    changes = {
        **_values(draft),
        "version": profile.version + 1,
        "updated_by_id": actor.user_id,
        "updated_by_api_key_id": actor.api_key_id,
        "updated_at": now(),
    }
    statement = (
        update(MappingProfile)
        .where(MappingProfile.tenant_id == current_tenant_id(), MappingProfile.id == profile_id)
        .values(**changes)
        .execution_options(synchronize_session=False)
    )
    try:
        with db.session.begin_nested():
            db.session.execute(statement)
    except IntegrityError as error:
        if _UNIQUE_NAME not in str(error.orig):
            raise
        raise _name_taken(draft.name) from error
    remember(draft.headers, draft.confirmation.rules)
    return get_profile(profile_id)


def delete_profile(profile_id: int, *, expected_version: int | None = None) -> MappingProfile:
    """Remove a saved mapping; imports that used it stay as they are. Raises Forbidden."""
    profile = get_profile(profile_id, lock=True)
    if not may_delete(profile):
        message = "Only whoever saved this mapping, or a manager, can delete it."
        raise Forbidden(message)
    _refuse_stale(profile, expected_version)
    db.session.delete(profile)
    return profile


def may_delete(profile: MappingProfile) -> bool:
    """Whether whoever acts may remove it: its maker, or a manager."""
    if can("mapping.delete"):
        return True
    actor = current_actor()
    mine = actor.user_id is not None and actor.user_id == profile.created_by_id
    key = actor.api_key_id is not None and actor.api_key_id == profile.created_by_api_key_id
    return can("import.run") and (mine or key)


def save_mapping_of(import_id: int, name: str, path: str = "/name") -> MappingProfile:
    """Save the mapping an import was confirmed or checked with.

    Under the name of the saved mapping it came from, that one is changed. Raises Conflict while
    there is no mapping, Invalid when the name isn't good or taken.
    """
    job = get_import(import_id)
    if not job.mapping.get("rules"):
        raise Conflict(
            "This import has no mapping yet. Confirm or check it first.", code="no_mapping_yet"
        )
    errors: list[FieldError] = []
    plain = parse_name(name, errors, path)
    if errors:
        raise Invalid(errors)
    draft = draft_of(job, plain)
    if job.profile_name and job.profile_name.casefold() == plain.casefold():
        profile = profile_named(plain, path)
        return change_profile(profile.id, draft)
    try:
        profile = create_profile(draft)
    except Invalid as invalid:
        raise Invalid([FieldError(path, e.code, e.message) for e in invalid.errors]) from invalid
    job.profile_name = plain
    note_use(job)
    return profile


def save_as(import_id: int, name: str) -> MappingProfile | None:
    """Save the mapping an import is confirmed with, if it was given a name; see above."""
    return save_mapping_of(import_id, name, "/save_as") if name.strip() else None


def draft_of(job: ImportJob, name: str) -> Draft:
    """The mapping of an import as a draft, with what was corrected about its file."""
    body = {
        "name": name,
        "headers": list(job.headers),
        "mapping": rules_of(job.headers, rules_from_dict(job.mapping)),
        "options": dict(job.options),
        "dialect": dict(job.suggestions.get("corrections", {})),
    }
    return parse_draft(body, current_vocabulary())


def apply_profile(job: ImportJob, body: Any) -> Any:
    """The body of a confirmation with the saved mapping it names; others come back as they are.

    The import keeps the name, and warnings of what the file lacks. Raises Invalid.
    """
    if not isinstance(body, Mapping) or "profile" not in body:
        return body
    name = body["profile"]
    if not isinstance(name, str):
        message = "A saved mapping is named by its name."
        raise Invalid([FieldError("/profile", "not_a_text", message)])
    profile = profile_named(name)
    found = _match(profile, job.headers)
    whole = merged(body, found, profile.options, _sku_column(profile))
    job.profile_name = profile.name
    told = _applied(profile, found).warnings()
    job.warnings = [*(each for each in job.warnings if each not in told), *told]
    return whole


def note_use(job: ImportJob) -> None:
    """Keep who used the saved mapping an import was confirmed with."""
    if not job.profile_name:
        return
    actor = current_actor()
    db.session.execute(
        update(MappingProfile)
        .where(
            MappingProfile.tenant_id == current_tenant_id(),
            sort_key() == func.lower(job.profile_name),
        )
        .values(used_at=now(), used_by_id=actor.user_id, used_by_api_key_id=actor.api_key_id)
        .execution_options(synchronize_session=False)
    )


def suggested_by(name: str, headers: Sequence[str]) -> tuple[Memory, Applied]:
    """What a saved mapping says about a file's columns; what it doesn't know is remembered."""
    profile = profile_named(name)
    found = _match(profile, headers)
    memory = remembered_columns(headers)
    columns = {**memory.columns, **remembered(found, headers, profile.name, memory.today)}
    return Memory(columns, memory.today, profile.name), _applied(profile, found)


def corrections_with(name: str, corrections: Mapping[str, str]) -> dict[str, str]:
    """How a file is to be read: what its sender says, else what the saved mapping does."""
    return {**profile_named(name).dialect, **corrections} if name else dict(corrections)


def _applied(profile: MappingProfile, found: Match) -> Applied:
    options = dict(profile.options)
    return Applied(profile.id, profile.name, found.unknown, found.missing, options)


def warnings_of(job: ImportJob) -> list[str]:
    """What the saved mapping that suggested for a file misses in it."""
    applied = job.suggestions.get("profile")
    return Applied(**applied).warnings() if applied else []


def _match(profile: MappingProfile, headers: Sequence[str]) -> Match:
    return match(profile.headers, profile.mapping, headers)


def _sku_column(profile: MappingProfile) -> str:
    rules = profile.mapping.items()
    return next((column for column, rule in rules if rule and rule["to"] == SKU), "")


def _values(draft: Draft) -> dict[str, Any]:
    return {
        "name": draft.name,
        "headers": list(draft.headers),
        "mapping": dict(draft.mapping),
        "options": dict(draft.options),
        "dialect": dict(draft.dialect),
    }


def _refuse_stale(profile: MappingProfile, expected: int | None) -> None:
    if expected is not None and expected != profile.version:
        message = "Somebody changed this mapping since you opened it. Look at it again first."
        raise StaleVersion(message)


def _name_taken(name: str) -> Invalid:
    message = f"There is a saved mapping called {shown(name)} already. Choose another name."
    return Invalid([FieldError("/name", "name_taken", message)])
