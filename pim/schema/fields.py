"""The vocabulary of a tenant: which fields its products have, and of which type.

Pure: reads and checks a definition; where it is kept is `service`'s and `queries`' matter.

A field's name is its key in `Product.data` and stands in files, filters and the API. It has 1 to
63 characters: letters of any script, digits, and inside also blanks and `_ - . : + # & ( ) %`, so
that most headers of a file can be names as they are. Two names may not differ in case alone.
`sku` and `name` are taken; `active` is the fixed switch every product has, so a definition may
list it as a boolean, which changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import dropwhile
from typing import Any
from unicodedata import category, normalize

from babel.core import Locale, UnknownLocaleError

from pim.core.errors import FieldError, Invalid
from pim.schema.types import FIELD_TYPES, CoerceContext, CoercionError, Notation, shown
from pim.schema.types.currency import known_currency
from pim.schema.types.multi_price import known_locale

MAX_NAME = 63
MAX_FIELDS = 1_000
MAX_DESCRIPTION = 1_000
RESERVED = frozenset({"sku", "name"})
ACTIVE = "active"

_INSIDE = frozenset("_-.:+#&()% ")
_AT_THE_END = frozenset("_)%+#")
_KEYS = frozenset({"name", "type", "required", "description"})
_DEFINITION_KEYS = frozenset({"fields", "default_currency", "default_locale"})


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the vocabulary. type: a key of FIELD_TYPES."""

    name: str
    type: str
    required: bool = False
    description: str = ""

    def as_definition(self) -> dict[str, Any]:
        """The field as the API and the database know it."""
        return {
            "name": self.name,
            "type": self.type,
            "required": self.required,
            "description": self.description,
        }


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A tenant's fields in display order, with the currency and locale that stand in by default.

    version rises with each change of it; 0 is a tenant that never defined anything.
    """

    fields: tuple[Field, ...] = ()
    default_currency: str = "EUR"
    default_locale: str = "en_US"
    version: int = 0
    _by_name: dict[str, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {f.name: f for f in self.fields})

    def get(self, name: str) -> Field | None:
        """The field of that name."""
        return self._by_name.get(name)

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    @property
    def names(self) -> tuple[str, ...]:
        """The names, in display order."""
        return tuple(self._by_name)

    @property
    def has_required(self) -> bool:
        """Whether any field has to be there in a new product."""
        return any(f.required for f in self.fields)

    def context(self, notation: Notation | None = None) -> CoerceContext:
        """What values of this tenant are read with; notation: how their numbers are written."""
        return CoerceContext(self.default_currency, self.default_locale, notation)

    def as_definition(self) -> dict[str, Any]:
        """The vocabulary as the API answers it."""
        return {
            "fields": [f.as_definition() for f in self.fields],
            "default_currency": self.default_currency,
            "default_locale": self.default_locale,
        }


def pointer(prefix: str, *parts: str | int) -> str:
    """A JSON pointer below another one."""
    return prefix + "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def name_problem(name: Any) -> str | None:
    """What is wrong with a field's name, in words; None if nothing is."""
    if not isinstance(name, str) or not name.strip():
        return "A field needs a name."
    if len(name) > MAX_NAME:
        return f"{shown(name)} has {len(name)} characters. A name has at most {MAX_NAME}."
    if not _is_well_formed(name):
        return (
            f"{shown(name)} can't be a name. Use letters, digits and _ - . :, "
            "starting with a letter or digit."
        )
    if name.casefold() in RESERVED:
        return f"{shown(name)} is taken: every product has it. Choose another name."
    return None


def _is_well_formed(name: str) -> bool:
    first, last = name[0], name[-1]
    return (
        all(_is_letter(c) or c in _INSIDE for c in name)
        and (first.isalnum() or first == "_")
        and (_is_letter(last) or last in _AT_THE_END)
        and "  " not in name
        and any(map(str.isalnum, name))
    )


def _is_letter(character: str) -> bool:
    """A letter or digit of any script, or a mark that belongs to one."""
    return character.isalnum() or category(character)[0] == "M"


def clean_name(name: Any) -> Any:
    """A name without blanks around it, in Unicode's composed form."""
    return normalize("NFC", name.strip()) if isinstance(name, str) else name


_ENDING = "_field"


def name_from_header(header: str, taken: Iterable[str] = ()) -> str:
    """A valid name close to a file's header, different from those taken.

    `description-en_US` stays; `Regular price (€)` is `regular_price`; nothing usable is `field`.
    """
    name = clean_name(header)
    if name_problem(name) or " " in name:
        kept = (c if _is_letter(c) or c in _INSIDE - {"(", ")"} else " " for c in name.lower())
        name = "_".join("".join(kept).split())[:MAX_NAME].strip("_-.:+#&%")
        # A mark without the letter it belongs to begins no name.
        name = "".join(dropwhile(lambda c: not c.isalnum(), name))
        if name_problem(name):
            name = f"{name[: MAX_NAME - len(_ENDING)]}{_ENDING}" if name else "field"
    return _untaken(name, {other.casefold() for other in taken})


def _untaken(name: str, taken: set[str]) -> str:
    if name.casefold() not in taken:
        return name
    count = 2
    while f"{name[: MAX_NAME - 4]}_{count}".casefold() in taken:
        count += 1
    return f"{name[: MAX_NAME - 4]}_{count}"


def parse_definition(
    definition: Any, *, current: Vocabulary | None = None, path: str = ""
) -> Vocabulary:
    """Read `{"fields": […], "default_currency", "default_locale"}`.

    What is left out of the defaults stays as in `current`. Raises Invalid with all that is wrong,
    each with its JSON pointer below `path`.
    """
    current = current or Vocabulary()
    if not isinstance(definition, Mapping):
        raise Invalid([FieldError(path, "not_an_object", "Send an object with fields.")])
    errors = _unknown_keys(definition, _DEFINITION_KEYS, path)
    fields = _parse_fields(definition.get("fields"), f"{path}/fields", errors)
    currency = _parse_currency(definition.get("default_currency"), current, path, errors)
    locale = _parse_locale(definition.get("default_locale"), current, path, errors)
    if errors:
        raise Invalid(errors)
    return Vocabulary(tuple(fields), currency, locale, current.version)


def _unknown_keys(found: Mapping[str, Any], known: frozenset[str], path: str) -> list[FieldError]:
    return [
        FieldError(pointer(path, key), "unknown_key", f"{shown(key)} is not known here.")
        for key in found
        if key not in known
    ]


def _parse_fields(found: Any, path: str, errors: list[FieldError]) -> list[Field]:
    if not isinstance(found, list):
        errors.append(FieldError(path, "not_a_list", "Send the fields as a list."))
        return []
    if len(found) > MAX_FIELDS:
        message = f"There are {len(found):,} fields; at most {MAX_FIELDS:,} are kept."
        errors.append(FieldError(path, "too_many_fields", message))
        return []
    fields: list[Field] = []
    seen: dict[str, str] = {}
    for index, item in enumerate(found):
        place = pointer(path, index)
        parsed = _parse_field(item, place, errors)
        if parsed is None:
            continue
        key = parsed.name.casefold()
        if key in seen:
            message = f"There are two fields called {shown(seen[key])}. Rename one of them."
            errors.append(FieldError(f"{place}/name", "name_twice", message))
        elif key != ACTIVE:
            fields.append(parsed)
        seen.setdefault(key, parsed.name)
    return fields


def _parse_field(found: Any, path: str, errors: list[FieldError]) -> Field | None:
    if not isinstance(found, Mapping):
        errors.append(FieldError(path, "not_an_object", "A field is an object with name and type."))
        return None
    problems = _unknown_keys(found, _KEYS, path)
    name, type_name = clean_name(found.get("name")), found.get("type")
    required, description = found.get("required", False), found.get("description")
    problem = name_problem(name)
    if problem:
        problems.append(FieldError(f"{path}/name", _name_code(name), problem))
    if not isinstance(type_name, str) or type_name not in FIELD_TYPES:
        message = f"{shown(type_name)} is not a type. Choose one of {', '.join(FIELD_TYPES)}."
        problems.append(FieldError(f"{path}/type", "unknown_type", message))
    if required is not None and not isinstance(required, bool):
        message = f"{shown(required)} is neither true nor false."
        problems.append(FieldError(f"{path}/required", "not_a_boolean", message))
    problems.extend(_description_problems(description, path))
    if not problem and name.casefold() == ACTIVE and type_name != "boolean":
        message = "“active” is the switch every product has. It is a boolean, or leave it out."
        problems.append(FieldError(f"{path}/type", "reserved_name", message))
    errors.extend(problems)
    if problems:
        return None
    return Field(name, str(type_name), bool(required), (description or "").strip())


def _name_code(name: Any) -> str:
    if not isinstance(name, str) or not name:
        return "required"
    return "reserved_name" if name.casefold() in RESERVED else "bad_name"


def _description_problems(description: Any, path: str) -> list[FieldError]:
    place = f"{path}/description"
    if description is None:
        return []
    if not isinstance(description, str) or "\0" in description:
        return [FieldError(place, "not_text", f"{shown(description)} is not text.")]
    if len(description) > MAX_DESCRIPTION:
        message = f"The description has more than {MAX_DESCRIPTION:,} characters."
        return [FieldError(place, "too_long", message)]
    try:
        description.encode()
    except UnicodeEncodeError:
        message = f"{shown(description)} contains half a character (a lone surrogate)."
        return [FieldError(place, "broken_character", message)]
    return []


def _parse_currency(found: Any, current: Vocabulary, path: str, errors: list[FieldError]) -> str:
    if found is None:
        return current.default_currency
    try:
        return known_currency(found)
    except CoercionError as error:
        errors.append(FieldError(f"{path}/default_currency", error.code, error.message))
        return current.default_currency


def _parse_locale(found: Any, current: Vocabulary, path: str, errors: list[FieldError]) -> str:
    if found is None:
        return current.default_locale
    try:
        locale = known_locale(found)
        if _is_known(locale):
            return locale
        message = f"{shown(found)} is not a locale we know. Use one like en_US or de."
        errors.append(FieldError(f"{path}/default_locale", "unknown_locale", message))
    except CoercionError as error:
        errors.append(FieldError(f"{path}/default_locale", error.code, error.message))
    return current.default_locale


@lru_cache(maxsize=512)
def _is_known(locale: str) -> bool:
    try:
        return len(locale) <= 16 and Locale.parse(locale) is not None
    except (UnknownLocaleError, ValueError):
        return False
