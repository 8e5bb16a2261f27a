"""What is wrong with a rule, brought to the fields of the builder it is about. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pim.core.errors import FieldError
from pim.segment_pages.builder import ROOT, ConditionForm, RuleForm
from pim.segment_pages.writing import Written

# The part of a condition in the definition → the part of its form.
_FIELDS: Mapping[str, str] = {
    "property": "about",
    "operator": "operator",
    "value": "value",
    "segment_id": "value",
    "value2": "value2",
    "within": "value2",
    "currency": "unit",
    "unit": "unit",
    "event_type": "event",
    "product_id_property": "product",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing wrong with a condition or group. field: the part of its form it is about."""

    field: str
    message: str


Marks = Mapping[str, Sequence[Mark]]


def marks_of(errors: Sequence[FieldError], written: Written, form: RuleForm) -> Marks:
    """What is wrong, by the key of the condition or group, in the order of the page."""
    found: dict[str, list[Mark]] = {node.key: [] for node in form.nodes()}
    for error in errors:
        key, field = _place(error.path, written.places)
        node = form.find(key)
        if isinstance(node, ConditionForm) and not node.about and field != "about":
            continue  # nothing is chosen yet; that it has no operator either goes without saying
        found.setdefault(key, []).append(Mark(field, error.message))
    return {key: marks for key, marks in found.items() if marks}


def _place(path: str, places: Mapping[str, str]) -> tuple[str, str]:
    """The key of a node and the part of its form that an error is about."""
    rest = ""
    while path not in places and path:
        path, _, rest = path.rpartition("/")
    return places.get(path, ROOT), _FIELDS.get(rest, "about")
