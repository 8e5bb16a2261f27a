"""What the buttons of the builder do to a rule: add, remove, copy, move. Pure.

A condition moves through the whole tree with two buttons: up takes it into the group above it, and
out of its group where it is the first there; down is the same the other way round.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pim.segment_pages.builder import (
    ROOT,
    ConditionForm,
    GroupForm,
    Node,
    RuleForm,
    with_condition,
)

MAX_DEPTH = 8


def apply(form: RuleForm, verb: str) -> tuple[RuleForm, str]:
    """The rule after a button was pressed, and the key of the node that takes the focus.

    verb: `add:k1`, `add:k1:p:brand`, `group:k1`, `remove:k3`, `copy:k3`, `up:k3`, `down:k3`,
    `untag:k3:2`. Anything else changes nothing: the form is shown anew.
    """
    name, key, rest = [*verb.split(":", 2), "", ""][:3]
    node = form.find(key)
    if node is None:
        return form, ""
    if name in ("add", "group") and isinstance(node, GroupForm):
        return _added(form, node, name, rest)
    if name == "untag" and isinstance(node, ConditionForm) and rest.isdecimal():
        values = tuple(v for at, v in enumerate(node.values) if at != int(rest[:9]))
        return with_condition(form, replace(node, values=values)), node.key
    if key == ROOT:
        return form, ""
    if name == "remove":
        return _removed(form, key)
    if name == "copy":
        return _copied(form, node)
    if name in ("up", "down"):
        return _moved(form, node, -1 if name == "up" else 1), key
    return form, ""


def depth_of(form: RuleForm, key: str) -> int:
    """How deep a node lies; the rule's own group is 1, its conditions and groups 2."""
    at = _path(form.root, key)
    return len(at) if at else 0


def may_hold_groups(form: RuleForm, key: str) -> bool:
    """Whether one more group fits into this one."""
    return depth_of(form, key) < MAX_DEPTH


def _added(form: RuleForm, group: GroupForm, what: str, about: str) -> tuple[RuleForm, str]:
    """With one more condition, or a group of one. A blank one at the end is filled in instead."""
    last = group.children[-1] if group.children else None
    if about and isinstance(last, ConditionForm) and not last.about:
        return with_condition(form, replace(last, about=about)), last.key
    key = form.new_key()
    new: Node = ConditionForm(key, about)
    focus = key
    if what == "group":
        if not may_hold_groups(form, group.key):
            return form, ""
        focus = f"k{int(key[1:]) + 1}"
        new = GroupForm(key, "or" if group.logic == "and" else "and", (ConditionForm(focus),))
    return _change(form, group.key, lambda nodes: (*nodes, new)), focus


def _removed(form: RuleForm, key: str) -> tuple[RuleForm, str]:
    """Without a node. What comes after it takes the focus, else what is before, else its group."""
    parent = _parent(form, key)
    siblings = [child.key for child in parent.children]
    at = siblings.index(key)
    near = siblings[at + 1 : at + 2] or siblings[at - 1 : at] or [parent.key]
    without = _change(form, parent.key, lambda nodes: tuple(n for n in nodes if n.key != key))
    return without, near[0]


def _copied(form: RuleForm, node: Node) -> tuple[RuleForm, str]:
    first = int(form.new_key()[1:])
    numbers = iter(range(first, first + 10_000))

    def copy(each: Node) -> Node:
        key = f"k{next(numbers)}"
        if isinstance(each, GroupForm):
            return replace(each, key=key, children=tuple(copy(child) for child in each.children))
        return replace(each, key=key)

    made = copy(node)
    parent = _parent(form, node.key)
    at = [child.key for child in parent.children].index(node.key) + 1
    return _change(form, parent.key, lambda nodes: (*nodes[:at], made, *nodes[at:])), made.key


def _moved(form: RuleForm, node: Node, step: int) -> RuleForm:
    parent = _parent(form, node.key)
    at = [child.key for child in parent.children].index(node.key)
    beside = parent.children[at + step] if 0 <= at + step < len(parent.children) else None
    without = _change(form, parent.key, lambda nodes: (*nodes[:at], *nodes[at + 1 :]))
    if isinstance(beside, GroupForm) and isinstance(node, ConditionForm):
        # Into the group it meets, at the end that is nearer.
        return _change(without, beside.key, lambda n: (*n, node) if step < 0 else (node, *n))
    if beside is not None:
        to = at + step
        return _change(without, parent.key, lambda nodes: (*nodes[:to], node, *nodes[to:]))
    if parent.key == ROOT:
        return form
    outer = _parent(form, parent.key)
    to = [child.key for child in outer.children].index(parent.key) + (step > 0)
    return _change(without, outer.key, lambda nodes: (*nodes[:to], node, *nodes[to:]))


def _change(
    form: RuleForm, key: str, change: Callable[[tuple[Node, ...]], tuple[Node, ...]]
) -> RuleForm:
    """The rule with the children of one group changed."""

    def visit(group: GroupForm) -> GroupForm:
        children = tuple(visit(c) if isinstance(c, GroupForm) else c for c in group.children)
        return replace(group, children=change(children) if group.key == key else children)

    return RuleForm(visit(form.root))


def _path(group: GroupForm, key: str) -> list[GroupForm | Node]:
    """The nodes from a group down to the one with this key."""
    if group.key == key:
        return [group]
    for child in group.children:
        if child.key == key:
            return [group, child]
        if isinstance(child, GroupForm) and (found := _path(child, key)):
            return [group, *found]
    return []


def _parent(form: RuleForm, key: str) -> GroupForm:
    path = _path(form.root, key)
    parent = path[-2]
    assert isinstance(parent, GroupForm)
    return parent
