"""Changing a tenant's vocabulary, and the products' values along with it.

`change_schema` is the one way; the other verbs make the change that a person means by them. Both
happen in the caller's transaction, all or nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from sqlalchemy.dialects.postgresql import insert

from pim.core.clock import now
from pim.core.db import db
from pim.core.errors import FieldError, Invalid, NotFound, StaleVersion
from pim.core.tenancy import current_tenant_id
from pim.schema.changes import (
    Effect,
    ProductsDontFit,
    Saved,
    SchemaChange,
    added,
    fingerprint,
    newly_required,
    retyped,
)
from pim.schema.fields import Field, Vocabulary, parse_definition
from pim.schema.models import ProductSchema
from pim.schema.ports import FieldValues, field_values
from pim.schema.queries import claim_vocabulary, current_vocabulary
from pim.schema.signals import fields_renamed
from pim.schema.types import FIELD_TYPES, CoerceContext, Notation, shown

Direction = Literal["up", "down"]


def change_schema(
    change: SchemaChange,
    *,
    force: bool = False,
    accepted: str = "",
    expected_version: int | None = None,
) -> Saved:
    """Make the wanted vocabulary the tenant's, and bring the products' values along.

    Raises ProductsDontFit when products wouldn't satisfy it, unless with `force`, or when these
    very effects were accepted (see `changes.fingerprint`). Then it is done; `Effect` says what
    becomes of the values. Raises StaleVersion when it isn't the expected version any more.
    """
    if not force and not accepted:
        # Looked at without a lock first: a preview of many products keeps nobody from writing.
        _refuse(effects_of(change, current_vocabulary()), change, accepted)
    current = claim_vocabulary()
    if expected_version is not None and expected_version != current.version:
        raise StaleVersion("Somebody changed the schema meanwhile. Look at it again.")
    if not force:
        _refuse(effects_of(change, current), change, accepted)
    if change.wanted.as_definition() == current.as_definition():
        return Saved(current)
    saved = _bring_values_along(change, current, field_values())
    stored = _store(change.wanted)
    if change.renames:
        fields_renamed.send(current_tenant_id(), renames=change.renames)
    return replace(saved, vocabulary=stored)


def _refuse(effects: Sequence[Effect], change: SchemaChange, accepted: str) -> None:
    if effects and fingerprint(effects) != accepted:
        raise ProductsDontFit(effects, change.wanted)


def save_schema(
    wanted: Vocabulary, *, force: bool = False, expected_version: int | None = None
) -> Vocabulary:
    """Make this the tenant's vocabulary; see `change_schema`. Fields are told by their names."""
    change = SchemaChange(wanted)
    return change_schema(change, force=force, expected_version=expected_version).vocabulary


def refuse_misfits(change: SchemaChange, current: Vocabulary) -> list[str]:
    """Look at a change without making it: the names of values it would convert.

    Raises ProductsDontFit as `change_schema` would.
    """
    _refuse(effects_of(change, current), change, "")
    return [name for name, _, _ in _to_convert(change, current, field_values())]


def effects_of(change: SchemaChange, current: Vocabulary) -> list[Effect]:
    """What products there are wouldn't satisfy, field by field in the order of the wanted ones."""
    values = field_values()
    effects = [*_type_effects(change, current, values), *_taken_effects(change, values)]
    effects += _required_effects(change, current, values)
    order = change.wanted.names
    return sorted(effects, key=lambda effect: order.index(effect.name))


def _to_convert(
    change: SchemaChange, current: Vocabulary, values: FieldValues
) -> list[tuple[str, str | None, Field]]:
    """(name of the values now, their type, the wanted field) where the two types differ."""
    found: list[tuple[str, str | None, Field]] = [
        (before.name, before.type, wanted) for before, wanted in retyped(change, current)
    ]
    new = {wanted.name: wanted for wanted in added(change, current)}
    # Values may be there without a field: unknown ones are kept, and so are those of fields
    # that went.
    stray = values.count_values(new) if new else {}
    return found + [(name, None, new[name]) for name in stray if name not in change.renames]


def _context(change: SchemaChange, wanted: Field) -> CoerceContext:
    return change.wanted.context(change.notations.get(wanted.name))


def _type_effects(
    change: SchemaChange, current: Vocabulary, values: FieldValues
) -> Sequence[Effect]:
    found = []
    for old_name, old_type, wanted in _to_convert(change, current, values):
        ctx = _context(change, wanted)
        trial = values.try_type(old_name, old_type, wanted.type, ctx)
        if trial.misfits:
            found.append(
                Effect(
                    "type",
                    wanted.name,
                    trial.misfits,
                    trial.values,
                    type=wanted.type,
                    ambiguous=trial.ambiguous,
                    samples=trial.samples,
                )
            )
    return found


def _taken_effects(change: SchemaChange, values: FieldValues) -> Sequence[Effect]:
    found = []
    for new, old in change.renames.items():
        count = values.count_both(old, new)
        if count:
            found.append(Effect("taken", new, count, values.count_products()))
    return found


def _required_effects(
    change: SchemaChange, current: Vocabulary, values: FieldValues
) -> Sequence[Effect]:
    required = newly_required(change, current)
    products = values.count_products() if required else 0
    if not products:
        return []
    names = {change.renames.get(wanted.name, wanted.name) for wanted in required}
    filled = values.count_values(names)
    found = []
    for wanted in required:
        missing = products - filled.get(change.renames.get(wanted.name, wanted.name), 0)
        if missing:
            found.append(Effect("required", wanted.name, missing, products))
    return found


def _bring_values_along(change: SchemaChange, current: Vocabulary, values: FieldValues) -> Saved:
    converted = removed = moved = 0
    for name in change.remove_values:
        removed += values.remove(name, f"Deleted the field {shown(name)} with its values")
    for old_name, old_type, wanted in _to_convert(change, current, values):
        label = FIELD_TYPES[wanted.type].label
        reason = f"Changed the type of {shown(old_name)} to {label}"
        done = values.change_type(old_name, old_type, wanted.type, _context(change, wanted), reason)
        converted, removed = converted + done[0], removed + done[1]
    for new, old in change.renames.items():
        moved += values.rename(old, new, f"Renamed the field {shown(old)} to {shown(new)}")
    return Saved(current, converted, removed, moved)


def _store(wanted: Vocabulary) -> Vocabulary:
    row = wanted.as_definition() | {"updated_at": now()}
    statement = insert(ProductSchema).values(tenant_id=current_tenant_id(), **row)
    statement = statement.on_conflict_do_update(
        index_elements=[ProductSchema.tenant_id],
        set_=row | {"version": ProductSchema.version + 1},
    )
    version = db.session.execute(statement.returning(ProductSchema.version)).scalar_one()
    return replace(wanted, version=version)


def added_field(definition: Mapping[str, object]) -> SchemaChange:
    """The change that adds a field at the end; raises Invalid with paths like `/name`."""
    current = current_vocabulary()
    fields = [*current.as_definition()["fields"], dict(definition)]
    return SchemaChange(_checked(fields, current, len(fields) - 1))


def edited_field(
    name: str, definition: Mapping[str, object], notation: Notation | None = None
) -> SchemaChange:
    """The change that gives a field another definition.

    notation: how numbers in its texts are written. Raises NotFound, or Invalid with paths like
    `/name`.
    """
    current = current_vocabulary()
    index = position_of(current, name)
    fields = list(current.as_definition()["fields"])
    fields[index] = dict(definition)
    wanted = _checked(fields, current, index)
    new_name = wanted.fields[index].name
    return SchemaChange(
        wanted,
        renames={} if new_name == name else {new_name: name},
        notations={} if notation is None else {new_name: notation},
    )


def delete_field(name: str, *, remove_values: bool) -> Saved:
    """Take a field out of the vocabulary; raises NotFound.

    Its values go too, or stay with the products as values without a field.
    """
    current = claim_vocabulary()
    index = position_of(current, name)
    fields = current.fields[:index] + current.fields[index + 1 :]
    gone = frozenset({name}) if remove_values else frozenset[str]()
    return change_schema(SchemaChange(replace(current, fields=fields), remove_values=gone))


def move_field(name: str, direction: Direction) -> Saved:
    """Swap a field with its neighbour; at the end of the list nothing happens."""
    current = claim_vocabulary()
    index = position_of(current, name)
    other = index + (1 if direction == "down" else -1)
    fields = list(current.fields)
    if 0 <= other < len(fields):
        fields[index], fields[other] = fields[other], fields[index]
    return change_schema(SchemaChange(replace(current, fields=tuple(fields))))


def set_defaults(currency: str, locale: str) -> Saved:
    """Choose the currency and locale that stand in; raises Invalid with their paths."""
    current = claim_vocabulary()
    definition = current.as_definition()
    definition |= {"default_currency": currency, "default_locale": locale}
    return change_schema(SchemaChange(parse_definition(definition, current=current)))


def position_of(vocabulary: Vocabulary, name: str) -> int:
    """Where a field stands, from 0; raises NotFound."""
    if name not in vocabulary:
        raise NotFound(f"There is no field called {shown(name)}.")
    return vocabulary.names.index(name)


def _checked(fields: Sequence[object], current: Vocabulary, index: int) -> Vocabulary:
    """Read a definition in which one field is new, and name its problems from there."""
    definition = current.as_definition() | {"fields": list(fields)}
    try:
        wanted = parse_definition(definition, current=current)
    except Invalid as invalid:
        prefix = f"/fields/{index}"
        errors = [
            replace(error, path=error.path.removeprefix(prefix))
            if error.path.startswith(prefix)
            else FieldError("/name", error.code, error.message)
            for error in invalid.errors
        ]
        raise Invalid(errors) from None
    if len(wanted.fields) < len(fields):
        message = "Every product has the switch “active” already."
        raise Invalid([FieldError("/name", "reserved_name", message)])
    return wanted
