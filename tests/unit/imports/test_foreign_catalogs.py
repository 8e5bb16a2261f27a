"""Suggestions generalise: catalogs in many languages and manners, none of which they were made for.

The bars are those of `make bench-mapping`.
"""

from __future__ import annotations

from collections import Counter

import pytest

from pim.imports.heuristics.advise import advise
from pim.imports.heuristics.concepts import meanings
from pim.imports.heuristics.words import read_header
from pim.imports.profile import profile_rows
from pim.imports.suggestion import Suggestion
from pim.schema.fields import Field, Vocabulary
from tests.factories.foreign_catalogs import CATALOGS, SCHEMA, Column

VOCABULARY = Vocabulary(
    tuple(Field(name, type_name) for name, type_name in SCHEMA),
    default_currency="EUR",
    default_locale="en_US",
)
KNOWN = {"sku", "name", "active", *(name for name, _ in SCHEMA)}


def suggestions(columns: list[Column]) -> tuple[Suggestion, ...]:
    rows = [list(row) for row in zip(*(column.values for column in columns), strict=True)]
    return advise(profile_rows([column.header for column in columns], rows), VOCABULARY, rows)


def target_of(suggestion: Suggestion) -> str:
    if suggestion.target is None:
        return "ignore"
    return suggestion.target if suggestion.target in KNOWN else "new"


def test_nearly_all_columns_of_all_catalogs_go_where_they_belong() -> None:
    counts = Counter[str]()
    for columns in CATALOGS.values():
        for column, found in zip(columns, suggestions(columns), strict=True):
            right = target_of(found) in column.targets
            of_schema = not {"new", "ignore"} & set(column.targets)
            counts["all"] += 1
            counts["right"] += right
            counts["schema"] += of_schema
            counts["schema right"] += of_schema and right
            counts["typed"] += found.target is None or found.type in column.types
    assert counts["right"] >= 0.95 * counts["all"]
    assert counts["schema right"] >= 0.92 * counts["schema"]
    assert counts["typed"] >= 0.97 * counts["all"]


@pytest.mark.parametrize("name", CATALOGS)
def test_no_catalog_is_left_behind_and_none_gets_a_wrong_sku(name: str) -> None:
    found = list(zip(CATALOGS[name], suggestions(CATALOGS[name]), strict=True))
    wrong = [column.header for column, each in found if target_of(each) not in column.targets]
    assert len(wrong) <= 0.15 * len(found), wrong
    for column, each in found:
        assert each.target != "sku" or "sku" in column.targets


@pytest.mark.parametrize(
    ("header", "concept"),
    [
        ("HERST_ARTNR", "mpn"),
        ("Cód. artículo", "sku"),
        ("GEW_KG", "weight"),
        ("Prodejní cena s DPH", "price"),
        ("Nákupní cena bez DPH", "cost"),
        ("PX_ACHAT_HT", "cost"),
        ("Detailní popis", "description"),
        ("销售价", "price"),
        ("대표이미지", "image_url"),
        ("Gewicht in kg", "weight"),
        ("Цена, руб.", "price"),
        ("P.V.P.", "price"),
        ("MwSt-Satz", "tax_class"),
        ("商品編號", "sku"),
        ("상품 요약설명", "short_description"),
        ("NL_Title", "name"),
        ("ITMWEI", "weight"),
        ("BRND_NM", "brand"),
        ("Référence nº", "sku"),
        ("Visible sur le site", "active"),
        ("판매여부", "active"),
        ("Kategori Yolu", "category"),
        ("Zusätzliche Bilder", "images"),
        ("Página del producto", "url"),
    ],
)
def test_words_put_together_or_cut_short_are_understood(header: str, concept: str) -> None:
    found = meanings(read_header(header))
    assert found
    assert found[0].concept == concept


@pytest.mark.parametrize(
    "header",
    [
        "compare_at_price", "Market", "Tax status", "Color code", "Parent SKU", "Image name",
        "Supplier name", "Low stock amount", "Customer id", "dimensions.unit", "Category ID",
        "Download limit", "Delivery price list", "Price type", "Prix au litre", "Цена до скидки",
        "Antal delar", "Menge pro VPE", "Supplier ID", "Country", "Saldo %", "Costo de envío",
    ],
)  # fmt: skip
def test_words_that_only_look_alike_are_not_taken_for_a_field(header: str) -> None:
    assert not [found for found in meanings(read_header(header)) if found.strength >= 0.6]


def advised(headers: list[str], *rows: list[str]) -> list[str | None]:
    found = advise(profile_rows(headers, rows), VOCABULARY, rows)
    return [None if each.new else each.target for each in found]


def test_the_number_of_a_record_is_no_sku_beside_codes() -> None:
    headers = ["ID producto", "Cosa", "Clase"]
    rows = [["21", "TZ-GAT1", "a"], ["22", "TZ-PER2", "b"], ["35", "LM-BOS3", "a"]]
    assert advised(headers, *rows)[0] is None


def test_a_feed_that_gives_items_an_id_has_the_makers_number_in_productno() -> None:
    rows = [["kav-1", "BR250"], ["kav-7", "ET250"], ["caj-2", "SE50"]]
    assert advised(["ITEM_ID", "PRODUCTNO"], *rows) == ["sku", "mpn"]


def test_a_suppliers_own_numbers_are_the_codes_beside_those_of_makers() -> None:
    rows = [["8001-A", "M-1"], ["8001-B", "M-2"]]
    headers = ["SupplierItemNumber", "ManufacturerItemNumber"]
    assert advised(headers, *rows) == ["sku", "mpn"]


def test_the_shops_price_goes_before_one_the_maker_names() -> None:
    rows = [["29000", "24000"], ["27000", "22000"]]
    assert advised(["UVP", "Verkaufspreis"], *rows) == [None, "price"]
    assert advised(["UVP", "Farbe"], *[[price, "rot"] for price, _ in rows])[0] == "price"


def test_paths_sentences_and_galleries_are_known_by_their_values() -> None:
    headers = ["sku", "Xyzzy", "Plugh", "Main image", "Assets all"]
    rows = [
        ["A", "Home > Lamps", "A lamp made of oak.", "https://i.test/1.jpg", '["https://i.test/1.jpg"]'],
        ["B", "Home > Chairs", "A chair for two.", "https://i.test/2.jpg", '["https://i.test/2.jpg"]'],
    ]  # fmt: skip
    assert advised(headers, *rows) == ["sku", "category", "description", "image_url", "images"]


def test_a_plain_description_beside_a_long_one_is_the_short_one() -> None:
    rows = [
        ["Oak", "A chair", "A chair made of oak."],
        ["Lin", "A lamp", "A lamp with a linen shade."],
    ]
    headers = ["name", "description", "description_long"]
    assert advised(headers, *rows) == ["name", "short_description", "description"]


def test_headers_that_all_begin_alike_are_read_without_that() -> None:
    headers = ["abcsku", "abctitle", "abcprice", "abcstock", "abcweight"]
    rows = [["A", "Chair", "9,90", "4", "1,5"], ["B", "Lamp", "5,00", "0", "2,5"]]
    found = advise(profile_rows(headers, rows), VOCABULARY, rows)
    assert [each.target for each in found] == ["sku", "name", "price", "quantity", "weight"]


def test_a_description_column_of_short_texts_may_be_the_name() -> None:
    headers = ["sku", "Omschrijving", "Lange omschrijving"]
    rows = [["A", "Stoel", "Een stoel van eiken."], ["B", "Lamp", "Een lamp met linnen kap."]]
    found = advise(profile_rows(headers, rows), VOCABULARY, rows)
    assert [each.target for each in found] == ["sku", "name", "description"]
    assert found[1].confidence < 0.6, "that is a guess, and said to be one"


def test_where_no_header_says_name_the_shorter_description_holds_it() -> None:
    headers = ["ART_NR", "DESCRIPTION_SHORT", "DESCRIPTION_LONG"]
    rows = [["A", "Chair", "A chair made of oak."], ["B", "Lamp", "A lamp with a linen shade."]]
    found = advise(profile_rows(headers, rows), VOCABULARY, rows)
    assert [each.target for each in found] == ["sku", "name", "description"]
    assert found[1].confidence < 0.6
