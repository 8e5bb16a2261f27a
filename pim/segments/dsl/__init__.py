"""The rule language of segments: from a definition in JSON to SQL and to words. Pure.

ast         the definition as a tree of conditions, each with its JSON pointer
operators   which operators each type has; properties: what can be compared
parser      JSON → tree                       resolver   tree → rule of one tenant's fields
comparing   what an operator means in SQL     printer    rule → WHERE with bound values
words       rule → plain English              errors     everything wrong, each at its place
"""

from __future__ import annotations

from pim.segments.dsl.ast import Group, as_definition
from pim.segments.dsl.errors import DefinitionInvalid, TenantMissing
from pim.segments.dsl.operators import OPERATORS, UNITS, Operator, input_of, operators_of
from pim.segments.dsl.parser import MAX_CONDITIONS, MAX_DEPTH, SIGNALS, parse
from pim.segments.dsl.printer import PrintScope, Where, print_where
from pim.segments.dsl.properties import FIXED_PROPERTIES, Property, field_key, properties_of
from pim.segments.dsl.resolver import read_rule, resolve
from pim.segments.dsl.rule import Known, Rule, SegmentRef
from pim.segments.dsl.words import condition_in_words, in_words

__all__ = [
    "FIXED_PROPERTIES",
    "MAX_CONDITIONS",
    "MAX_DEPTH",
    "OPERATORS",
    "SIGNALS",
    "UNITS",
    "DefinitionInvalid",
    "Group",
    "Known",
    "Operator",
    "PrintScope",
    "Property",
    "Rule",
    "SegmentRef",
    "TenantMissing",
    "Where",
    "as_definition",
    "condition_in_words",
    "field_key",
    "in_words",
    "input_of",
    "operators_of",
    "parse",
    "print_where",
    "properties_of",
    "read_rule",
    "resolve",
]
