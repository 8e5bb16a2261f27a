"""Saved mappings as data: how one is read, how well it fits a file, what it says about that file.

Pure. A saved mapping knows every column of the file it was made with, also those it leaves out,
so that it can tell which columns of another file it has never seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from pim.core.errors import FieldError, Invalid
from pim.imports.mapping import ColumnRule, Confirmation, parse_confirmation
from pim.imports.memory import Remembered, header_keys
from pim.imports.readers.base import FileProblem
from pim.imports.sniff import parse_overrides
from pim.imports.suggestion import SKU
from pim.schema.fields import Vocabulary, pointer
from pim.schema.types import shown

MAX_NAME, MOST_COLUMNS, MOST_NAMED = 80, 10_000, 10
CORRECTIONS = frozenset(
    {"format", "encoding", "delimiter", "quote", "header_row", "sheet", "record_path", "shape"}
)
_KEYS = frozenset({"name", "headers", "mapping", "options", "dialect"})


@dataclass(frozen=True, slots=True)
class Draft:
    """A saved mapping as somebody wants it. mapping: a rule or None for each of `headers`."""

    name: str
    headers: tuple[str, ...]
    mapping: Mapping[str, Any]
    options: Mapping[str, Any]
    dialect: Mapping[str, str]
    confirmation: Confirmation


@dataclass(frozen=True, slots=True)
class Match:
    """A saved mapping beside a file.

    rules: by the file's headers. unknown: columns of the file it doesn't know. missing: columns
    it takes something from and the file doesn't have.
    """

    rules: Mapping[str, Any]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    of: int

    @property
    def score(self) -> tuple[float, int]:
        """How well they fit, to compare: shared columns of all there are, then how many."""
        known = len(self.rules)
        return known / max(1, self.of + len(self.unknown)), known

    @property
    def exact(self) -> bool:
        """Both have the same columns."""
        return not self.unknown and len(self.rules) == self.of


@dataclass(frozen=True, slots=True)
class Applied:
    """What a saved mapping came to with a file, as it is kept with the import and told."""

    id: int
    name: str
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    options: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """JSON shape."""
        return {**asdict(self), "unknown": list(self.unknown), "missing": list(self.missing)}

    def warnings(self) -> list[str]:
        """What it takes from columns the file doesn't have, in a sentence, if anything."""
        if not self.missing:
            return []
        columns = ", ".join(shown(header) for header in self.missing[:MOST_NAMED])
        if len(self.missing) > MOST_NAMED:
            columns += f" and {len(self.missing) - MOST_NAMED:,} more"
        what = "a column" if len(self.missing) == 1 else "columns"
        return [f"“{self.name}” also maps {what} this file doesn't have: {columns}."]


def parse_draft(body: Any, vocabulary: Vocabulary) -> Draft:
    """Check a saved mapping as the API sends it; raises Invalid with a pointer per problem.

    Columns go to fields there are: a saved mapping never makes a field.
    """
    if not isinstance(body, Mapping):
        raise Invalid([FieldError("", "not_an_object", "Send an object with name and mapping.")])
    errors = [
        FieldError(pointer("", key), "unknown_key", f"{shown(key)} is not known here.")
        for key in body
        if key not in _KEYS
    ]
    name = parse_name(body.get("name"), errors)
    mapping = body.get("mapping")
    headers = _headers(body.get("headers"), mapping, errors)
    dialect = _dialect(body.get("dialect"), errors)
    options = body.get("options")
    try:
        wanted = {"mapping": mapping, "options": options}
        confirmation = parse_confirmation(wanted, headers, vocabulary)
    except Invalid as invalid:
        raise Invalid(errors + invalid.errors) from invalid
    errors += _unknown_fields(confirmation, vocabulary)
    if errors:
        raise Invalid(errors)
    return Draft(
        name,
        headers,
        rules_of(headers, confirmation.rules),
        dict(options or {}),
        dialect,
        confirmation,
    )


def parse_name(name: Any, errors: list[FieldError], path: str = "/name") -> str:
    """The name of a saved mapping without superfluous blanks."""
    if not isinstance(name, str) or not name.strip():
        errors.append(FieldError(path, "required", "Give the mapping a name."))
        return ""
    found = " ".join(name.split())
    if len(found) > MAX_NAME:
        message = f"Keep the name within {MAX_NAME} characters; this one has {len(found):,}."
        errors.append(FieldError(path, "too_long", message))
    elif not found.isprintable():
        message = "The name holds a character that can't be shown."
        errors.append(FieldError(path, "bad_name", message))
    return found


def _headers(given: Any, mapping: Any, errors: list[FieldError]) -> tuple[str, ...]:
    if given is None:
        given = list(mapping) if isinstance(mapping, Mapping) else []
    if (
        not isinstance(given, list)
        or not all(isinstance(each, str) for each in given)
        or len(set(given)) < len(given)
        or len(given) > MOST_COLUMNS
    ):
        message = f"Send the headers of the file as a list of at most {MOST_COLUMNS:,} names."
        errors.append(FieldError("/headers", "bad_headers", message))
        return tuple(mapping) if isinstance(mapping, Mapping) else ()
    return tuple(given)


def _dialect(given: Any, errors: list[FieldError]) -> dict[str, str]:
    """What is corrected about how files are read, as an upload sends it."""
    if given is None:
        return {}
    if not isinstance(given, Mapping) or not all(isinstance(v, str) for v in given.values()):
        message = "Send what is corrected about the file as an object of texts."
        errors.append(FieldError("/dialect", "not_an_object", message))
        return {}
    found = len(errors)
    errors += [
        FieldError(pointer("/dialect", key), "unknown_key", f"{shown(key)} is not known here.")
        for key in given
        if key not in CORRECTIONS
    ]
    if len(errors) == found:
        try:
            parse_overrides(given)
        except FileProblem as problem:
            errors.append(FieldError(f"/dialect/{problem.field}", problem.code, problem.message))
    return dict(given)


def _unknown_fields(confirmation: Confirmation, vocabulary: Vocabulary) -> list[FieldError]:
    return [
        FieldError(
            pointer("/mapping", rule.column),
            "unknown_field",
            f"There is no field {shown(rule.target)}. Add it to the schema first.",
        )
        for rule in confirmation.rules
        if confirmation.vocabulary.get(rule.target) and vocabulary.get(rule.target) is None
    ]


def rules_of(headers: Sequence[str], rules: Sequence[ColumnRule]) -> dict[str, Any]:
    """Every column in one shape, None for those that are left out."""
    found: dict[str, Any] = dict.fromkeys(headers)
    for rule in rules:
        found[rule.column] = {"to": rule.target, "type": rule.type}
        if rule.transform:
            found[rule.column]["transform"] = list(rule.transform)
    return found


def match(headers: Sequence[str], known: Mapping[str, Any], file: Sequence[str]) -> Match:
    """A saved mapping beside the headers of a file; they are the same without case and blanks.

    headers, known: the columns of the saved mapping in their order, and its rules.
    """
    saved = {key: header for key, header in zip(header_keys(headers), headers, strict=True) if key}
    rules: dict[str, Any] = {}
    unknown: list[str] = []
    met: set[str] = set()
    for key, header in zip(header_keys(file), file, strict=True):
        if key in saved:
            met.add(key)
            rules[header] = known.get(saved[key])
        else:
            unknown.append(header)
    missing = tuple(header for key, header in saved.items() if key not in met and known.get(header))
    return Match(rules, tuple(unknown), missing, len(saved))


def remembered(found: Match, file: Sequence[str], name: str, today: date) -> dict[int, Remembered]:
    """What a saved mapping says about a file's columns, by their place, to be suggested."""
    columns: dict[int, Remembered] = {}
    for place, header in enumerate(file):
        if header not in found.rules:
            continue
        rule = found.rules[header] or {}
        columns[place] = Remembered(
            target=rule.get("to"),
            type=rule.get("type"),
            when=today,
            transform=tuple(rule.get("transform") or ()),
            profile=name,
        )
    return columns


def merged(
    body: Mapping[str, Any], found: Match, options: Mapping[str, Any], sku: str
) -> dict[str, Any]:
    """The body of a confirmation with what a saved mapping adds; what the body says comes first.

    sku: the column it takes the SKU from. Raises Invalid where the file lacks that column and the
    body names no other.
    """
    given = body.get("mapping")
    if given is None:
        given = {}
    if not isinstance(given, Mapping):
        return {key: value for key, value in body.items() if key != "profile"}
    rules = {header: _asked(rule) for header, rule in found.rules.items()}
    mapping = {**rules, **given}
    if sku in found.missing and not any(_target(rule) == SKU for rule in mapping.values()):
        message = (
            f"The saved mapping takes the SKU from {shown(sku)}, which this file doesn't have."
        )
        raise Invalid([FieldError(pointer("/mapping", sku), "sku_column_missing", message)])
    whole = {key: value for key, value in body.items() if key != "profile"}
    own = body.get("options")
    # That many products may be deactivated was said of one file, not of those to come.
    kept = {name: value for name, value in options.items() if name != "absent_confirmed"}
    whole["options"] = {**kept, **own} if isinstance(own, Mapping) else own or kept
    return {**whole, "mapping": mapping}


def _asked(rule: Any) -> Any:
    """A saved rule as a confirmation asks for it: with the type its field has now.

    A field that went isn't made again: without a type, the confirmation says that it isn't there.
    """
    return {key: value for key, value in rule.items() if key != "type"} if rule else None


def _target(rule: Any) -> Any:
    wanted = rule.get("to") if isinstance(rule, Mapping) else rule
    return wanted.strip().casefold() if isinstance(wanted, str) else wanted
