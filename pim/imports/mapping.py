"""What the user confirmed: the vocabulary, a rule per column, and what to do in doubt.

Pure. Reads the body of `POST /api/pim/import/{id}/confirm/`; the wizard's form is turned into the
same body, so both are checked here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, cast, get_args

from pim.core.errors import FieldError, Invalid
from pim.imports.heuristics.words import read_header
from pim.imports.suggestion import FIXED_TYPES, SKU, type_of
from pim.imports.transforms.base import Setting
from pim.imports.transforms.steps import JsonStep, parse_steps
from pim.schema.fields import Field, Vocabulary, clean_name, name_problem, parse_definition, pointer
from pim.schema.types import FIELD_TYPES, Notation, shown

Blank = Literal["keep", "clear"]
OnError = Literal["skip_row", "skip_value", "stop"]
Mode = Literal["upsert", "create_only", "update_only"]
Absent = Literal["keep", "deactivate"]

_BODY_KEYS = frozenset({"schema", "mapping", "options"})
_RULE_KEYS = frozenset({"to", "type", "transform"})
_PRICED = ("price", "multi_price")
_NAMESPACE = re.compile(r"(?:(?<=^)|(?<=[./@]))[^\W\d][\w-]*:")


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """Where a column's values go, and how they are read.

    decimal: the decimal sign of its numbers, when the file tells. currency: the one its header
    names (`price-USD`); it stands in for amounts that don't name their own. transform: the steps
    its cells go through first, as JSON (see `transforms.steps`).
    """

    column: str
    target: str
    type: str
    decimal: Notation | None = None
    currency: str | None = None
    transform: tuple[JsonStep, ...] = ()


@dataclass(frozen=True, slots=True)
class Options:
    """blank: what an empty cell does. on_error: what a value that can't be read does.

    absent: what becomes of products that are not in the file. More than `absent_threshold` percent
    of all active ones are deactivated only when that was confirmed.
    """

    blank: Blank = "keep"
    on_error: OnError = "skip_row"
    mode: Mode = "upsert"
    absent: Absent = "keep"
    absent_threshold: int = 20
    absent_confirmed: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The options as they are stored with the import."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Everything the run needs beyond the file. Columns without a rule are ignored."""

    vocabulary: Vocabulary
    rules: tuple[ColumnRule, ...]
    options: Options = field(default_factory=Options)

    def mapping_as_dict(self) -> dict[str, Any]:
        """The rules as they are stored with the import."""
        return {"rules": [asdict(rule) for rule in self.rules]}


def rules_from_dict(stored: Mapping[str, Any]) -> tuple[ColumnRule, ...]:
    """The reverse of `mapping_as_dict`."""
    return tuple(
        ColumnRule(**{**rule, "transform": tuple(rule.get("transform") or ())})
        for rule in stored.get("rules", ())
    )


def options_from_dict(stored: Mapping[str, Any]) -> Options:
    """Options as they were stored."""
    return Options(**stored)


def parse_confirmation(
    body: Any,
    headers: Sequence[str],
    current: Vocabulary,
    notations: Mapping[str, Notation | None] | None = None,
) -> Confirmation:
    """Check a confirmation; raises Invalid with a JSON pointer per problem.

    current: the tenant's vocabulary; an import adds fields to it and never takes one away.
    notations: decimal signs by column, as the file showed them.
    """
    confirmation, errors = read_confirmation(body, headers, current, notations)
    if errors:
        raise Invalid(errors)
    return confirmation


def read_confirmation(
    body: Any,
    headers: Sequence[str],
    current: Vocabulary,
    notations: Mapping[str, Notation | None] | None = None,
) -> tuple[Confirmation, list[FieldError]]:
    """As much of a confirmation as can be read, and what is wrong with the rest."""
    errors: list[FieldError] = []
    if not isinstance(body, Mapping):
        errors.append(FieldError("", "not_an_object", "Send an object with a mapping."))
        return Confirmation(current, ()), errors
    errors += [
        FieldError(pointer("", key), "unknown_key", f"{shown(key)} is not known here.")
        for key in body
        if key not in _BODY_KEYS
    ]
    vocabulary = _vocabulary(body.get("schema"), current, errors)
    known = {header: (notations or {}).get(header) for header in headers}
    chosen, added = _chosen(body.get("mapping"), known, vocabulary, errors)
    options = _options(body.get("options"), errors)
    vocabulary = _with_fields(vocabulary, added)
    rules = tuple(_rule(column, each, vocabulary, known[column]) for column, each in chosen.items())
    return Confirmation(vocabulary, rules, options), errors


def _vocabulary(schema: Any, current: Vocabulary, errors: list[FieldError]) -> Vocabulary:
    """The confirmed schema; fields it leaves out stay as they are.

    Another type for a field there is: whether products can follow is the schema room's matter.
    """
    if schema is None:
        return current
    try:
        given = parse_definition(schema, current=current, path="/schema")
    except Invalid as invalid:
        errors += invalid.errors
        return current
    names = {known.name for known in given.fields}
    kept = tuple(
        next(wanted for wanted in given.fields if wanted.name == known.name)
        if known.name in names
        else known
        for known in current.fields
    )
    new = tuple(wanted for wanted in given.fields if current.get(wanted.name) is None)
    return Vocabulary(kept + new, given.default_currency, given.default_locale, current.version)


def _with_fields(vocabulary: Vocabulary, added: Sequence[Field]) -> Vocabulary:
    if not added:
        return vocabulary
    return Vocabulary(
        vocabulary.fields + tuple(added),
        vocabulary.default_currency,
        vocabulary.default_locale,
        vocabulary.version,
    )


@dataclass(frozen=True, slots=True)
class _Choice:
    target: str
    transform: tuple[JsonStep, ...]


def _chosen(
    mapping: Any,
    headers: Mapping[str, Notation | None],
    vocabulary: Vocabulary,
    errors: list[FieldError],
) -> tuple[dict[str, _Choice], list[Field]]:
    """What was chosen by column, and fields the mapping itself defines."""
    if not isinstance(mapping, Mapping):
        message = "Send the mapping as an object: column to field."
        errors.append(FieldError("/mapping", "not_an_object", message))
        return {}, []
    chosen: dict[str, _Choice] = {}
    added: dict[str, Field] = {}
    users: dict[str, str] = {}
    for sent, wanted in mapping.items():
        path = pointer("/mapping", sent)
        column = _column(sent, headers, mapping, path, errors)
        if column is None:
            continue
        target = _target(wanted, path, vocabulary, added, errors)
        setting = Setting(tuple(headers), headers[column])
        steps = wanted.get("transform") if isinstance(wanted, Mapping) else None
        transform = parse_steps(steps, f"{path}/transform", setting, errors)
        if target is None:
            continue
        if target.casefold() in users:
            message = f"{shown(users[target.casefold()])} goes to {shown(target)} already."
            errors.append(FieldError(path, "target_twice", message))
            continue
        users[target.casefold()] = column
        chosen[column] = _Choice(target, transform)
    if not errors and all(each.target != SKU for each in chosen.values()):
        message = "Choose the column that holds the SKU: it tells which product a row is."
        errors.append(FieldError("/mapping", "sku_missing", message))
    order = {name: place for place, name in enumerate(headers)}
    return dict(sorted(chosen.items(), key=lambda item: order[item[0]])), list(added.values())


def _column(
    sent: Any,
    headers: Mapping[str, Notation | None],
    mapping: Mapping[str, Any],
    path: str,
    errors: list[FieldError],
) -> str | None:
    """The file's column of a name that was sent; `id` will do for `g:id` if it is the only one."""
    if sent in headers:
        return str(sent)
    alike = [header for header in headers if _NAMESPACE.sub("", header) == sent]
    if len(alike) == 1 and alike[0] not in mapping:
        return alike[0]
    message = f"The file has no column {shown(sent)}."
    if alike:
        message = f"{shown(sent)} can be {' or '.join(map(shown, alike))}. Name one of them."
        if len(alike) == 1:
            message = f"{shown(sent)} is {shown(alike[0])}, which is mapped already."
    code = "ambiguous_column" if alike else "unknown_column"
    errors.append(FieldError(path, code, message))
    return None


def _target(
    wanted: Any,
    path: str,
    vocabulary: Vocabulary,
    added: dict[str, Field],
    errors: list[FieldError],
) -> str | None:
    """The target one column was given; None for ignoring it or after an error."""
    type_name = None
    if isinstance(wanted, Mapping):
        errors += _rule_problems(wanted, path)
        type_name, wanted = wanted.get("type"), wanted.get("to")
    if wanted is None:
        return None
    target = clean_name(wanted)
    if not isinstance(target, str) or not target:
        message = "A column goes to the name of a field, or to null to be ignored."
        errors.append(FieldError(path, "bad_target", message))
        return None
    if target.casefold() in FIXED_TYPES:
        target = target.casefold()
    known = type_of(vocabulary, target)
    if known is not None:
        if type_name is not None and type_name != known:
            message = f"{shown(target)} is a {known} field, not {shown(type_name)}."
            errors.append(FieldError(f"{path}/type", "type_differs", message))
        return target
    return _new_target(target, type_name, path, added, errors)


def _rule_problems(wanted: Mapping[str, Any], path: str) -> list[FieldError]:
    found = [
        FieldError(pointer(path, key), "unknown_key", f"{shown(key)} is not known here.")
        for key in wanted
        if key not in _RULE_KEYS
    ]
    type_name = wanted.get("type")
    if type_name is not None and (not isinstance(type_name, str) or type_name not in FIELD_TYPES):
        message = f"{shown(type_name)} is not a type. Choose one of {', '.join(FIELD_TYPES)}."
        found.append(FieldError(f"{path}/type", "unknown_type", message))
    return found


def _new_target(
    target: str, type_name: Any, path: str, added: dict[str, Field], errors: list[FieldError]
) -> str | None:
    if type_name is None:
        message = f"There is no field {shown(target)}. Add it to the schema, or give it a type."
        errors.append(FieldError(path, "unknown_field", message))
        return None
    problem = name_problem(target)
    if problem:
        errors.append(FieldError(path, "bad_name", problem))
        return None
    if isinstance(type_name, str) and type_name in FIELD_TYPES:
        added[target] = Field(target, type_name)
    return target


def _rule(
    column: str, chosen: _Choice, vocabulary: Vocabulary, notation: Notation | None
) -> ColumnRule:
    type_name = type_of(vocabulary, chosen.target) or "string"
    currency = read_header(column).currency if type_name in _PRICED else None
    return ColumnRule(column, chosen.target, type_name, notation, currency, chosen.transform)


def _options(found: Any, errors: list[FieldError]) -> Options:
    if found is None:
        return Options()
    if not isinstance(found, Mapping):
        errors.append(FieldError("/options", "not_an_object", "Send the options as an object."))
        return Options()
    allowed = {
        "blank": get_args(Blank),
        "on_error": get_args(OnError),
        "mode": get_args(Mode),
        "absent": get_args(Absent),
    }
    values: dict[str, Any] = {}
    for key, value in found.items():
        if key in _PLAIN:
            values[key] = _plain_option(key, value, errors)
        elif key not in allowed:
            message = f"{shown(key)} is not an option."
            errors.append(FieldError(pointer("/options", key), "unknown_key", message))
        elif value not in allowed[key]:
            message = f"{shown(value)} is not a choice. Choose one of {', '.join(allowed[key])}."
            errors.append(FieldError(f"/options/{key}", "unknown_choice", message))
        else:
            values[key] = value
    return Options(**cast("Any", values))


_PLAIN = ("absent_threshold", "absent_confirmed")


def _plain_option(key: str, value: Any, errors: list[FieldError]) -> Any:
    if key == "absent_threshold" and (type(value) is not int or not 0 <= value <= 100):
        message = f"{shown(value)} is not a whole number of percent from 0 to 100."
        errors.append(FieldError(f"/options/{key}", "bad_percent", message))
    if key == "absent_confirmed" and not isinstance(value, bool):
        message = f"{shown(value)} is neither true nor false."
        errors.append(FieldError(f"/options/{key}", "not_a_boolean", message))
    return value
