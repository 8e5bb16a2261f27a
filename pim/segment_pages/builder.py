"""The rule builder's form: what its fields are called, and the definition they stand for.

A rule is a tree, a form is a list of fields. Each condition and group has a short key of its own
that stays the same while it is moved about, so that focus stays where it is when the page is
morphed. Hidden fields called `node` say the tree in the order of the page (`c:k3:k1` is condition
k3 in group k1); the parts of a node carry its key (`value-k3`).

What was written stays text until `write` makes a definition of it, and what can't be understood is
handed on as it was written, so that one place, the rule language, says what is wrong with it.
Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from werkzeug.datastructures import MultiDict

from pim.jsontext import dumps, loads

ROOT = "r"
MAX_NODES = 2_000
# Deeper than any rule may be, so that it is the rule language that says so.
DEEPEST = 40
_KEY = re.compile(r"[a-z][a-z0-9]{0,11}")

PROPERTY, SIGNAL, SEGMENT, AI, OTHER = "p:", "s:", "segment", "ai", "other"


class Sent(Protocol):
    """The part of werkzeug's MultiDict that is used here."""

    def get(self, key: str, default: str, /) -> str: ...
    def getlist(self, key: str, /) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class ConditionForm:
    """One condition as its fields hold it.

    about: what it looks at: `p:brand` a property, `s:viewed_by_segment` a signal, `segment`, `ai`,
    `other` a condition this page has no fields for, or "" as long as nothing is chosen.
    values: what was written, several for lists. unit: a currency, or a unit of time. kept: JSON
    text of what has no fields. shown: what it looked at, and asked for, when it was last shown.
    """

    key: str
    about: str = ""
    operator: str = ""
    values: tuple[str, ...] = ()
    value2: str = ""
    unit: str = ""
    event_type: str = ""
    product_id_property: str = ""
    kept: str = ""
    shown: str = field(default="", compare=False)

    @property
    def value(self) -> str:
        """The one value of a condition that has one."""
        return self.values[0] if self.values else ""

    @property
    def property_name(self) -> str:
        """The name of the property it looks at, or ""."""
        return self.about.removeprefix(PROPERTY) if self.about.startswith(PROPERTY) else ""

    @property
    def signal_name(self) -> str:
        """The name of the signal it looks at, or ""."""
        return self.about.removeprefix(SIGNAL) if self.about.startswith(SIGNAL) else ""


@dataclass(frozen=True, slots=True)
class GroupForm:
    """Conditions and groups that all, or of which any, have to fit."""

    key: str
    logic: str = "and"
    children: tuple[Node, ...] = ()


Node = ConditionForm | GroupForm


@dataclass(frozen=True, slots=True)
class RuleForm:
    """A whole rule as the form holds it."""

    root: GroupForm = field(default_factory=lambda: GroupForm(ROOT))

    def nodes(self) -> Iterator[Node]:
        """Every condition and group, in the order of the page."""
        return _walk(self.root)

    def find(self, key: str) -> Node | None:
        """The node with a key."""
        return next((node for node in self.nodes() if node.key == key), None)

    def conditions(self) -> Iterator[ConditionForm]:
        """Every condition, in the order of the page."""
        return (node for node in self.nodes() if isinstance(node, ConditionForm))

    def new_key(self) -> str:
        """A key no node has yet."""
        taken = [int(node.key[1:]) for node in self.nodes() if node.key[1:].isdecimal()]
        return f"k{max(taken, default=0) + 1}"


def _walk(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node, GroupForm):
        for child in node.children:
            yield from _walk(child)


def blank_rule() -> RuleForm:
    """What a new segment starts with: one condition to fill in."""
    return RuleForm(GroupForm(ROOT, children=(ConditionForm("k1"),)))


# --- between the form's fields and the tree --------------------------------------------------


def read_sent(sent: Sent) -> RuleForm:
    """The rule as a browser sent it. What doesn't hang together is left out."""
    root = _Draft(ROOT, "")
    groups, seen = {ROOT: root}, {ROOT}
    root.logic = _logic(sent, ROOT)
    for text in sent.getlist("node")[:MAX_NODES]:
        kind, key, parent = [*text.split(":"), "", ""][:3]
        if key in seen or not _KEY.fullmatch(key) or parent not in groups:
            continue
        seen.add(key)
        if kind == "g" and groups[parent].depth < DEEPEST:
            groups[key] = _Draft(key, _logic(sent, key), groups[parent].depth + 1)
            groups[parent].children.append(groups[key])
        elif kind != "g":
            groups[parent].children.append(_condition_sent(sent, key))
    return RuleForm(root.done())


class _Draft:
    """A group while its children are still coming."""

    def __init__(self, key: str, logic: str, depth: int = 1) -> None:
        self.key, self.logic, self.depth = key, logic, depth
        self.children: list[ConditionForm | _Draft] = []

    def done(self) -> GroupForm:
        children = tuple(c.done() if isinstance(c, _Draft) else c for c in self.children)
        return GroupForm(self.key, self.logic, children)


def _logic(sent: Sent, key: str) -> str:
    return "or" if sent.get(f"logic-{key}", "") == "or" else "and"


def _condition_sent(sent: Sent, key: str) -> ConditionForm:
    values = (value.replace("\r\n", "\n") for value in sent.getlist(f"value-{key}"))
    return ConditionForm(
        key=key,
        about=sent.get(f"about-{key}", ""),
        operator=sent.get(f"operator-{key}", ""),
        values=tuple(dict.fromkeys(value for value in values if value)),
        value2=sent.get(f"value2-{key}", ""),
        unit=sent.get(f"unit-{key}", ""),
        event_type=sent.get(f"event-{key}", ""),
        product_id_property=sent.get(f"product-{key}", ""),
        kept=sent.get(f"kept-{key}", ""),
        shown=sent.get(f"shown-{key}", ""),
    )


def fields_of(form: RuleForm) -> list[tuple[str, str]]:
    """The fields that stand for a rule, as a browser would send them."""
    pairs = [(f"logic-{ROOT}", form.root.logic)]
    for child in form.root.children:
        pairs += _fields(child, ROOT)
    return pairs


def _fields(node: Node, parent: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, GroupForm):
        yield "node", f"g:{node.key}:{parent}"
        yield f"logic-{node.key}", node.logic
        for child in node.children:
            yield from _fields(child, node.key)
        return
    yield "node", f"c:{node.key}:{parent}"
    yield from ((f"value-{node.key}", value) for value in node.values)
    for name, value in (
        ("about", node.about),
        ("operator", node.operator),
        ("value2", node.value2),
        ("unit", node.unit),
        ("event", node.event_type),
        ("product", node.product_id_property),
        ("kept", node.kept),
    ):
        if value:
            yield f"{name}-{node.key}", value


def packed(form: RuleForm) -> str:
    """A form as one text, to be brought back by `unpacked`."""
    return dumps(fields_of(form))


def unpacked(text: str) -> RuleForm:
    """The form that a text holds; a blank one if it holds none."""
    try:
        pairs = [(str(name), str(value)) for name, value in loads(text)]
    except (ValueError, TypeError):
        return blank_rule()
    form = read_sent(MultiDict(pairs))
    return form if form.root.children else blank_rule()


def with_condition(form: RuleForm, condition: ConditionForm) -> RuleForm:
    """The rule with one condition as it is given here."""
    return RuleForm(_replaced(form.root, condition))


def _replaced(group: GroupForm, condition: ConditionForm) -> GroupForm:
    children = tuple(
        _replaced(child, condition)
        if isinstance(child, GroupForm)
        else condition
        if child.key == condition.key
        else child
        for child in group.children
    )
    return replace(group, children=children)


def as_mapping(value: Any) -> Mapping[str, Any]:
    """The value if it is an object, else an empty one: stored rules may hold anything."""
    return value if isinstance(value, Mapping) else {}
