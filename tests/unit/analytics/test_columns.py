"""Statements hold names of ours alone; whatever a person typed is bound."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pim.analytics.client import ClickHouse, identifier
from pim.analytics.columns import Parameters, TenantColumns
from pim.analytics.kinds import KIND_OF_TYPE
from pim.core.errors import Invalid
from pim.jsontext import dumps

WORDS = re.compile(r"[A-Za-z0-9_ '(),{}:>=\-\[\].\"!^?$|]*")


@given(st.text(max_size=40), st.sampled_from(sorted(KIND_OF_TYPE)), st.booleans())
def test_the_name_of_a_field_never_enters_a_statement(name: str, type_name: str, placed: bool):
    kind = KIND_OF_TYPE[type_name].name
    secret = f"⟦{name}⟧"
    parameters = Parameters()
    numbers = {(secret, kind): 7 if placed else None}
    read = TenantColumns(numbers).read(secret, type_name, parameters)
    for sql in (read.value, read.is_set, read.currency, read.locale):
        assert "⟦" not in sql
        assert WORDS.fullmatch(sql)
    told = {name for name in parameters.values.values() if "⟦" in name}
    assert told <= {secret, f"{dumps(secret)}: "}


def test_a_field_no_product_has_reads_as_no_value():
    read = TenantColumns().read("color", "string", Parameters())
    assert "NULL" in read.value


def test_an_unknown_type_is_refused():
    with pytest.raises(Invalid):
        TenantColumns().read("color", "geometry", Parameters())


@pytest.mark.parametrize("type_name", ["Identifier", "String}{", "", "Array(Array(String))"])
def test_values_are_bound_as_known_types_alone(type_name: str):
    with pytest.raises(ValueError, match="never bound"):
        Parameters().bind("x", type_name)


@pytest.mark.parametrize("name", ["", "a b", "a`b", "1a", "a;b", "é", "a\n"])
def test_a_name_that_could_be_something_else_is_refused(name: str):
    with pytest.raises(ValueError, match="can't be the name"):
        identifier(name)


def test_the_database_is_the_path_of_the_address():
    assert ClickHouse("http://u:p@h:1/catalog").database == "catalog"
    assert ClickHouse("http://u:p@h:1/").database == "segmentation"
