"""Suggestions without a model: what headers and values give away, and what they don't."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.mapping import Score, judge, suggest_for, vocabulary_of
from pim.imports.heuristics.advise import advise
from pim.imports.heuristics.concepts import concept_of, meanings
from pim.imports.heuristics.words import read_header
from pim.imports.profile import profile_rows
from pim.imports.readers.registry import READERS
from pim.imports.suggestion import Suggestion
from pim.schema.fields import Field, Vocabulary, name_problem
from pim.schema.types import FIELD_TYPES
from tests.factories.shared_data import shared_data

SHOP = Vocabulary(
    (
        Field("description", "string"),
        Field("brand", "string"),
        Field("price", "price"),
        Field("stock", "number"),
        Field("farbe", "string"),
        Field("gtin", "string"),
        Field("image_url", "url"),
        Field("tags", "array"),
    ),
    default_currency="EUR",
    default_locale="de_DE",
)


def suggest(
    headers: list[str], *rows: list[str], vocabulary: Vocabulary = SHOP
) -> dict[str, Suggestion]:
    table = [list(row) for row in rows]
    found = advise(profile_rows(headers, table), vocabulary, table[:5])
    assert [each.column for each in found] == headers
    return {each.column: each for each in found}


@pytest.mark.parametrize(
    ("header", "concept"),
    [
        ("Artikelnr.", "sku"),
        ("Art.-Nr.", "sku"),
        ("n° article", "sku"),
        ("Código", "sku"),
        ("Codice articolo", "sku"),
        ("Indeks", "sku"),
        ("Číslo zboží", "sku"),
        ("Varenummer", "sku"),
        ("Артикул", "sku"),
        ("商品コード", "sku"),
        ("Variant SKU", "sku"),
        ("productNumber", "sku"),
        ("Bezeichnung", "name"),
        ("Désignation", "name"),
        ("PRODUCTNAME", "name"),
        ("product_title", "name"),
        ("Název produktu", "name"),
        ("Benämning", "name"),
        ("Title (EN)", "name"),
        ("Body (HTML)", "description"),
        ("description-en_US-ecommerce", "description"),
        ("Kurztext", "short_description"),
        ("VK brutto", "price"),
        ("price-EUR", "price"),
        ("Preis €", "price"),
        ("Prix TTC", "price"),
        ("Cena s DPH", "price"),
        ("g:price", "price"),
        ("Sonderpreis", "sale_price"),
        ("EK netto", "cost"),
        ("Lagerbestand", "quantity"),
        ("Stan magazynowy", "quantity"),
        ("inventory_count", "quantity"),
        ("is_in_stock", "in_stock"),
        ("Active (0/1)", "active"),
        ("isPublished", "active"),
        ("Weight (kg)", "weight"),
        ("Gewicht [g]", "weight"),
        ("dimensions.width", "width"),
        ("depth", "length"),
        ("Größe", "size"),
        ("groesse", "size"),
        ("EAN13", "gtin"),
        ("Code à barres", "gtin"),
        ("meta.barcode", "gtin"),
        ("Herstellerartikelnummer", "mpn"),
        ("Supplier reference #", "mpn"),
        ("Google Shopping / MPN", "mpn"),
        ("IMGURL", "image_url"),
        ("image1_src", "image_url"),
        ("Image URLs (x,y,z...)", "images"),
        ("CATEGORYTEXT", "category"),
        ("Mots-clés", "tags"),
        ("SEO Title", "meta_title"),
        ("Variant Tax Code", "tax_class"),
    ],
)
def test_headers_are_understood_in_many_spellings_and_languages(header: str, concept: str) -> None:
    found = meanings(read_header(header))
    assert found
    assert found[0].concept == concept
    assert found[0].strength >= 0.9


@pytest.mark.parametrize(
    "header",
    [
        "display_color",
        "minimumOrderQuantity",
        "compare_at_price",
        "Tax status",
        "variation_name-en_US",
        "erp_name",
        "weight-unit",
        "parent_sku",
        "Image Alt Text",
        "image2_src",
        "category3",
        "delivery.price",
        "camera_type",
        "date sale price starts",
        "",
        "???",
    ],
)
def test_one_word_more_says_something_else(header: str) -> None:
    assert meanings(read_header(header)) == ()


def test_a_german_price_list_is_mapped_to_the_tenants_own_fields() -> None:
    found = suggest(
        ["Artikelnr.", "Bezeichnung", "VK brutto", "Marke", "Farben", "Lagerbestand", "aktiv"],
        ["NW-1", "Sessel", "149,00 €", "Fjord", "eiche, natur", "12", "ja"],
        ["NW-2", "Lampe", "39,90 €", "Lumo", "schwarz", "0", "nein"],
        ["NW-3", "Regal", "1.299,00 €", "Fjord", "salbei, sand", "244", "ja"],
    )
    assert {name: (each.target, each.type) for name, each in found.items()} == {
        "Artikelnr.": ("sku", "string"),
        "Bezeichnung": ("name", "string"),
        "VK brutto": ("price", "price"),
        "Marke": ("brand", "string"),
        "Farben": ("farbe", "string"),
        "Lagerbestand": ("stock", "number"),
        "aktiv": ("active", "boolean"),
    }
    assert found["Artikelnr."].reason == "unique in all 3 rows; a code"
    assert found["VK brutto"].reason == "“VK brutto” means price"
    assert all(each.by == "heuristic" and each.confidence > 0.9 for each in found.values())


def test_a_sku_that_repeats_in_the_rows_shown_is_never_suggested() -> None:
    found = suggest(["sku", "name"], ["A", "x"], ["a ", "y"], ["B", "z"])
    assert found["sku"].target != "sku"


def test_a_weak_header_is_the_sku_only_if_unique() -> None:
    unique = suggest(["id", "title"], ["1", "Chair"], ["2", "Lamp"])
    assert unique["id"].target == "sku"
    assert unique["id"].confidence < 0.7
    twice = suggest(["id", "title"], *[[str(n // 2), "x"] for n in range(20, 60)])
    assert twice["id"].target != "sku"


def test_a_real_sku_column_wins_over_an_id() -> None:
    found = suggest(["ID", "SKU"], ["1", "A"], ["2", "B"])
    assert (found["SKU"].target, found["ID"].target) == ("sku", "ID")
    assert found["ID"].new


def test_a_sku_that_comes_twice_further_down_is_suggested_with_the_count() -> None:
    rows = [[f"S{n % 60}", "x"] for n in range(100)]
    found = suggest(["sku", "name"], *rows)
    assert found["sku"].target == "sku"
    assert found["sku"].confidence < 0.8
    assert "40 rows repeat an earlier one" in found["sku"].reason


def test_values_that_do_not_fit_the_field_make_a_new_one() -> None:
    found = suggest(["image"], ["files/bag.jpg"], ["files/belt.jpg"])
    assert (found["image"].target, found["image"].type, found["image"].new) == (
        "image",
        "string",
        True,
    )


def test_one_column_per_target_the_tenants_language_first() -> None:
    found = suggest(
        ["description-en_US", "description-de_DE", "price-USD", "price-EUR"],
        ["Chair", "Stuhl", "12", "11"],
        ["Lamp", "Lampe", "4", "3"],
    )
    assert found["description-de_DE"].target == "description"
    assert found["description-en_US"].target == "description_en_US"
    assert found["price-EUR"].target == "price"
    assert (found["price-USD"].target, found["price-USD"].type) == ("price_usd", "price")
    assert found["price-EUR"].reason.endswith("amounts are EUR")


def test_an_option_value_means_what_its_name_column_says() -> None:
    found = suggest(
        ["Option1 Name", "Option1 Value"], ["Color", "Red"], ["Color", "Blue"], ["Color", "Green"]
    )
    assert found["Option1 Value"].target == "farbe"


def test_an_empty_column_is_left_out_and_said_to_be_empty() -> None:
    found = suggest(["sku", "price"], ["A", ""], ["B", ""])
    assert (found["price"].target, found["price"].reason) == (None, "empty in all 2 rows")


def test_a_header_that_says_nothing_is_left_out_with_low_confidence() -> None:
    found = suggest(["Feld17", "column 3", "x"], ["x9", "q", "1"], ["x2", "r", "2"])
    for each in found.values():
        assert (each.target, each.confidence) == (None, 0.3)


def test_without_a_vocabulary_fields_get_standard_names_and_fitting_types() -> None:
    found = suggest(
        ["Hersteller", "Preis", "Schlagwörter", "Breite (cm)", "Montage?", "Stoffqualität"],
        ["A", "12,50", "neu, rot", "80", "ja", "fein"],
        ["B", "3,99", "alt", "60,5", "nein", "grob"],
        vocabulary=Vocabulary(),
    )
    assert {name: (each.target, each.type) for name, each in found.items()} == {
        "Hersteller": ("brand", "string"),
        "Preis": ("price", "price"),
        "Schlagwörter": ("tags", "array"),
        "Breite (cm)": ("width", "number"),
        "Montage?": ("montage", "boolean"),
        "Stoffqualität": ("Stoffqualität", "string"),
    }
    assert all(each.new for each in found.values())


@pytest.mark.parametrize(
    ("header", "values", "expected"),
    [
        ("flag", ["0", "1", "1"], "boolean"),
        ("download limit", ["1", "1", "0"], "number"),
        ("serial", ["00012", "00013", "00014"], "string"),
        ("tariff code", ["85171300", "94036090", "94016100"], "string"),
        ("wattage", ["1400W", "1350W", "1000W"], "string"),
        ("released", ["2012-04-20", "2012-06-17", "2009-12-04"], "string"),
        ("surcharge", ["4,90 €", "5,90 €", "0,00 €"], "price"),
        ("manual", ["https://a.example/x", "https://a.example/y", "www.b.example/z"], "url"),
        ("functions", ["copy,print,scan", "scan", "copy,scan"], "array"),
        ("power", ["AC 100-240, 50/60Hz", "220V", "AC 90, 50 / 60 Hz"], "string"),
        ("reviews", ['[{"rating": 3}]', '[{"rating": 4}]', "[{}]"], "string"),
        ("colors_de", ['["rot"]', '["blau", "grün"]', "[]"], "array"),
        ("ratio", ["1,5", "2,25", "3"], "number"),
    ],
)
def test_a_new_field_gets_the_type_its_values_have(
    header: str, values: list[str], expected: str
) -> None:
    found = suggest([header], *[[value] for value in values], vocabulary=Vocabulary())
    assert found[header].type == expected


def test_wrong_check_digits_are_believed_less() -> None:
    right = suggest(["EAN"], ["4006381333931"], ["9780306406157"])["EAN"]
    wrong = suggest(["EAN"], ["4006381333932"], ["9780306406158"])["EAN"]
    assert right.target == wrong.target == "gtin"
    assert right.confidence > wrong.confidence
    assert "check digits are right" in right.reason


def test_fields_of_a_tenant_are_recognised_by_what_they_mean() -> None:
    assert concept_of("stock_qty") == "quantity"
    assert concept_of("Farbe") == "color"
    assert concept_of("voltage") is None


texts = st.text(max_size=25)


@given(
    st.integers(1, 5).flatmap(
        lambda width: st.tuples(
            st.lists(texts, min_size=width, max_size=width, unique=True),
            st.lists(st.lists(texts, min_size=width, max_size=width), max_size=8),
        )
    ),
    st.booleans(),
)
def test_any_table_gets_one_sound_suggestion_per_column(
    table: tuple[list[str], list[list[str]]], empty: bool
) -> None:
    headers, rows = table
    vocabulary = Vocabulary() if empty else SHOP
    found = advise(profile_rows(headers, rows), vocabulary, rows[:5])
    targets = [each.target for each in found if each.target]
    assert [each.column for each in found] == headers
    assert len(targets) == len(set(targets))
    for each in found:
        assert each.type in FIELD_TYPES
        assert 0 <= each.confidence <= 1
        assert each.reason
        if each.new and each.target:
            assert name_problem(each.target) is None
        if each.target == "sku":
            column = [row[headers.index(each.column)].strip().casefold() for row in rows[:5]]
            assert len(set(column)) == len(column)


def test_the_measured_share_of_right_suggestions_stays_high() -> None:
    import json

    truth = json.loads(shared_data("mapping_truth_dev.json").read_text("utf-8"))
    vocabulary = vocabulary_of(truth)
    known = {"sku", "name", "active", *vocabulary.names}
    total, misses = Score(), list[str]()
    for catalog in truth["catalogs"]:
        if catalog["format"] in READERS:
            found = suggest_for(shared_data(*catalog["path"].split("/")), vocabulary)
            total += judge(catalog, found, known, misses)
    assert total.targets >= 0.95 * total.columns, misses
    assert total.schema_right >= 0.92 * total.schema, misses
    assert total.types >= 0.97 * total.columns, misses
    assert total.wrong_sku == 0
