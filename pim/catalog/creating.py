"""The form that makes a product: what was written, what is wrong with it, what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pim.catalog.columns import all_columns, default_columns
from pim.catalog.detail import LONG_NAMES, key_of
from pim.catalog.inputs import FieldInput, Form, coerced, input_of, read_input
from pim.core.errors import Conflict, FieldError, Invalid
from pim.products.service import ProductInput
from pim.schema.fields import Field, Vocabulary, pointer
from pim.schema.types import CoerceContext, is_blank
from pim.segments.dsl.properties import label_of


@dataclass(frozen=True, slots=True)
class FormPart:
    """One field of the schema in the form."""

    id: str
    name: str
    label: str
    description: str
    required: bool
    given: FieldInput
    error: str = ""


@dataclass(frozen=True, slots=True)
class NewProductForm:
    """The whole form. errors: by `sku`, `name` or a part's id."""

    sku: str = ""
    name: str = ""
    active: bool = True
    parts: tuple[FormPart, ...] = ()
    usual: frozenset[str] = frozenset()
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def groups(self) -> list[tuple[str, list[FormPart], bool]]:
        """Required fields and the usual ones first, the rest folded away."""
        first = [part for part in self.parts if part.required or part.name in self.usual]
        rest = [part for part in self.parts if part not in first]
        has_error = any(part.error for part in rest)
        return [("Values", first, True), ("More fields", rest, not first or has_error)]

    @property
    def problems(self) -> list[tuple[str, str]]:
        """For the summary above the form: id of the control and the message."""
        return list(self.errors.items())


def empty_form(vocabulary: Vocabulary) -> NewProductForm:
    """A form to start with."""
    parts = tuple(
        _part(
            each,
            input_of(each.type, None, None, vocabulary.default_currency, long=_is_long(each)),
        )
        for each in vocabulary.fields
    )
    return NewProductForm(parts=parts, usual=_usual(vocabulary))


def read_form(form: Form, vocabulary: Vocabulary) -> NewProductForm:
    """The form as it was sent."""
    parts = tuple(_part(each, read_input(each.type, form, _id(each))) for each in vocabulary.fields)
    return NewProductForm(
        sku=form.get("sku", ""),
        name=form.get("name", ""),
        active=form.get("active", "") == "1",
        parts=parts,
        usual=_usual(vocabulary),
    )


def product_input(form: NewProductForm, ctx: CoerceContext) -> ProductInput:
    """What the service is to make a product of; fields left empty aren't given.

    Raises Invalid with all values that can't be read.
    """
    data, errors = {}, []
    for part in form.parts:
        try:
            value = coerced(part.given, ctx, pointer("/data", part.name))
        except Invalid as error:
            errors += error.errors
            continue
        if not is_blank(value):
            data[part.name] = value
        elif part.required:
            errors.append(FieldError(pointer("/data", part.name), "required", "This is required."))
    if not form.sku.strip():
        errors.insert(0, FieldError("/sku", "required", "A product needs a SKU."))
    if errors:
        raise Invalid(errors)
    return ProductInput(sku=form.sku, name=form.name, active=form.active, data=data)


def refused(form: NewProductForm, error: Invalid | Conflict) -> NewProductForm:
    """The form again, each problem at its field."""
    if isinstance(error, Conflict):
        return _with_errors(form, {"sku": error.message})
    ids = {part.name: part.id for part in form.parts}
    errors: dict[str, str] = {}
    for problem in error.errors:
        name = problem.path.removeprefix("/data/").removeprefix("/")
        name = name.replace("~1", "/").replace("~0", "~")
        # A path deeper than the field belongs to the longest name it starts with.
        inside = [known for known in ids if name == known or name.startswith(known + "/")]
        place = ids[max(inside, key=len)] if inside else name
        errors[place] = f"{errors[place]} {problem.message}" if place in errors else problem.message
    return _with_errors(form, errors)


def _with_errors(form: NewProductForm, errors: Mapping[str, str]) -> NewProductForm:
    parts = tuple(replace(part, error=errors.get(part.id, "")) for part in form.parts)
    return replace(form, parts=parts, errors=errors)


def _part(each: Field, given: FieldInput) -> FormPart:
    return FormPart(
        _id(each), each.name, label_of(each.name), each.description, each.required, given
    )


def _id(each: Field) -> str:
    return f"v-{key_of(each.name)}"


def _is_long(each: Field) -> bool:
    return each.type == "string" and any(part in each.name.lower() for part in LONG_NAMES)


def _usual(vocabulary: Vocabulary) -> frozenset[str]:
    columns = all_columns(vocabulary.fields)
    keys = default_columns(columns)
    return frozenset(found.name for key in keys if (found := columns[key].field) is not None)
