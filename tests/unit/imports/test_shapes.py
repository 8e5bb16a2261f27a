"""Well-known layouts are recognised by headers and values, and read as one row per product."""

from __future__ import annotations

from typing import Any

import pytest

from pim.imports.readers.base import FileProblem, Overrides
from tests.factories.files import Read, a_file, file_at, read_file
from tests.factories.shared_data import shared_data


def records(found: Read) -> list[dict[str, Any]]:
    """Rows as what they hold, blanks left out."""
    return [
        {header: cell for header, cell in zip(found.headers, row, strict=True) if cell}
        for row in found.rows
    ]


def read(text: str, filename: str = "products.csv", **overrides: Any) -> Read:
    return read_file(a_file(text, filename), Overrides(**overrides))


SHOPIFY = """\
Handle,Title,Body (HTML),Vendor,Tags,Published,Option1 Name,Option1 Value,Option2 Name,\
Option2 Value,Variant SKU,Variant Price,Image Src,Image Position
oak-chair,Oak chair,<p>Solid</p>,Nordwood,"chair, oak",true,Color,Natural,Size,Low,OC-1,99.00,\
https://x.test/1.jpg,1
oak-chair,,,,,,,Black,,Low,OC-2,109.00,https://x.test/2.jpg,2
oak-chair,,,,,,,,,,,,https://x.test/3.jpg,3
lamp,Lamp,,Lumo,,true,Material,Brass,,,L-1,49.00,https://x.test/l.jpg,1
"""


def test_what_a_shopify_product_says_once_is_filled_down_to_its_variants() -> None:
    found = read(SHOPIFY)
    assert found.detection.dialect.shape == "shopify"
    first, second, lamp = records(found)
    for name in ("Title", "Body (HTML)", "Vendor", "Tags", "Published", "Option1 Name"):
        assert second[name] == first[name]
    assert (second["Variant SKU"], second["Variant Price"]) == ("OC-2", "109.00")
    assert lamp["Vendor"] == "Lumo"


def test_a_shopify_row_with_only_a_picture_is_no_product_and_no_error() -> None:
    found = read(SHOPIFY)
    assert (len(found.rows), found.problems, found.records) == (3, [], 3)
    assert found.lines == [2, 3, 5]
    first, second, lamp = records(found)
    pictures = '["https://x.test/1.jpg", "https://x.test/2.jpg", "https://x.test/3.jpg"]'
    assert first["Images"] == second["Images"] == pictures
    assert lamp["Images"] == '["https://x.test/l.jpg"]'


def test_options_get_columns_named_after_them() -> None:
    first, second, lamp = records(read(SHOPIFY))
    assert (first["Color"], second["Color"]) == ("Natural", "Black")
    assert lamp["Material"] == "Brass"
    assert "Color" not in lamp
    assert first["Option1 Value"] == "Natural", "columns of the file stay as they are"


WOOCOMMERCE = """\
ID,Type,SKU,Name,Published,Tax status,In stock?,Regular price,Categories,Images,Parent,\
Attribute 1 name,Attribute 1 value(s),Attribute 2 name,Attribute 2 value(s)
1,variable,T,T-shirt,1,taxable,1,,Clothing > Tees,https://x.test/a.jpg,,Colour,"Blue, Red",\
Sleeve,Long
2,variation,T-B,T-shirt - Blue,1,taxable,1,20,,,T,Colour,Blue,,
3,simple,M,Mug,-1,taxable,0,7,Kitchen,,,Colour,White,Volume,0.3 l
"""


def test_woocommerce_attributes_are_named_where_a_pair_holds_several() -> None:
    found = read(WOOCOMMERCE)
    assert found.detection.dialect.shape == "woocommerce"
    shirt, blue, mug = records(found)
    assert (shirt["Sleeve"], mug["Volume"]) == ("Long", "0.3 l")
    assert "Colour" not in found.headers, "the first pair is the colour in every row"
    assert blue["Parent"] == "T"


def test_a_draft_of_woocommerce_is_not_published() -> None:
    assert [record["Published"] for record in records(read(WOOCOMMERCE))] == ["1", "1", "0"]


MAGENTO = """\
sku,store_view_code,attribute_set_code,product_type,name,description,price,product_online,\
visibility,additional_attributes
M-1,,Default,simple,Bag,A bag,39.00,1,"Catalog, Search","color=black,\
""features=Audio Pocket|Sleeve, 15 inches"",weight_class=2"
M-1,de,,,Tasche,Eine Tasche,,,,
M-1,fr,,,Sac,,,,,color=noir
M-2,,Default,simple,Cup,A cup,5.00,2,Catalog,color=white
"""


def test_store_view_rows_of_magento_complete_their_product() -> None:
    found = read(MAGENTO)
    assert found.detection.dialect.shape == "magento"
    bag, cup = records(found)
    assert (bag["name"], bag["name-de"], bag["name-fr"]) == ("Bag", "Tasche", "Sac")
    assert (bag["description"], bag["description-de"]) == ("A bag", "Eine Tasche")
    assert (bag["price"], cup["name"]) == ("39.00", "Cup")
    assert found.lines == [2, 5]


def test_additional_attributes_of_magento_become_columns() -> None:
    bag, cup = records(read(MAGENTO))
    assert (bag["color"], bag["color-fr"], cup["color"]) == ("black", "noir", "white")
    assert bag["features"] == "Audio Pocket|Sleeve, 15 inches"
    assert bag["weight_class"] == "2"


def test_a_product_of_magento_that_is_not_online_is_not_active() -> None:
    assert [record["product_online"] for record in records(read(MAGENTO))] == ["1", "0"]


UNOPIM = """\
channel,locale,sku,status,type,parent,attribute_family,configurable_attributes,categories,name,\
description,price (EUR),color
web,en_US,U-1,true,simple,,default,,chairs,Chair,A chair,10,oak
web,de_DE,U-1,true,simple,,default,,chairs,Stuhl,Ein Stuhl,10,oak
print,en_US,U-1,true,simple,,default,,chairs,Chair,Chair for print,10,oak
print,de_DE,U-1,true,simple,,default,,chairs,Stuhl,Stuhl gedruckt,10,oak
web,en_US,U-2,false,simple,,default,,lamps,Lamp,A lamp,20,brass
web,de_DE,U-2,false,simple,,default,,lamps,Lampe,Eine Lampe,20,brass
print,en_US,U-2,false,simple,,default,,lamps,Lamp,Lamp for print,20,brass
print,de_DE,U-2,false,simple,,default,,lamps,Lampe,Lampe gedruckt,20,brass
"""


def test_rows_of_unopim_per_channel_and_locale_are_one_product() -> None:
    found = read(UNOPIM, home_locale="en_US")
    assert found.detection.dialect.shape == "unopim"
    chair, lamp = records(found)
    assert (chair["name"], chair["name-de_DE"]) == ("Chair", "Stuhl")
    assert chair["description"] == "A chair" or chair["description"] == "Chair for print"
    assert chair["description-de_DE-web"] == "Ein Stuhl"
    assert chair["description-de_DE-print"] == "Stuhl gedruckt"
    assert (lamp["color"], lamp["price (EUR)"]) == ("brass", "20")
    assert not [header for header in found.headers if header.startswith(("color-", "price (EUR)-"))]


def test_the_tenants_own_language_fills_the_plain_columns() -> None:
    chair = records(read(UNOPIM, home_locale="de_DE"))[0]
    assert (chair["name"], chair["name-en_US"]) == ("Stuhl", "Chair")


LANGUAGES = """\
artnr;sprache;bezeichnung;preis
A;de;Stuhl;10
B;de;Lampe;20
A;fr;Chaise;
B;fr;Lampe à poser;
C;fr;Table;30
"""


def test_rows_of_other_languages_complete_the_product_however_far_away_they_are() -> None:
    found = read(LANGUAGES, home_locale="de_DE")
    assert found.detection.dialect.shape == "languages"
    chair, lamp, table = records(found)
    assert (chair["bezeichnung"], chair["bezeichnung-fr"], chair["preis"]) == (
        "Stuhl", "Chaise", "10",
    )  # fmt: skip
    assert lamp["bezeichnung-fr"] == "Lampe à poser"
    assert table == {"artnr": "C", "sprache": "fr", "bezeichnung-fr": "Table", "preis": "30"}
    assert found.lines == [2, 3, 6]


CURRENCIES = """\
sku,name,price,compare_at_price,currency
A,Chair,10,12,USD
B,Lamp,20,,USD
A,,9,11,EUR
B,,18,,EUR
"""


@pytest.mark.parametrize(("home", "other"), [("USD", "EUR"), ("EUR", "USD")])
def test_rows_of_other_currencies_bring_their_amounts_and_blank_nothing(
    home: str, other: str
) -> None:
    found = read(CURRENCIES, home_currency=home)
    assert found.detection.dialect.shape == "currencies"
    chair, lamp = records(found)
    amounts = {"USD": ("10", "12"), "EUR": ("9", "11")}
    assert (chair["name"], chair["currency"]) == ("Chair", home)
    assert (chair["price"], chair["compare_at_price"]) == amounts[home]
    assert (chair[f"price-{other}"], chair[f"compare_at_price-{other}"]) == amounts[other]
    assert lamp["name"] == "Lamp"


def test_an_amount_never_stands_beside_another_rows_currency() -> None:
    found = read(CURRENCIES + "C,Table,30,,USD\n", home_currency="EUR")
    table = records(found)[-1]
    assert table == {"sku": "C", "name": "Table", "price-USD": "30"}


def test_products_in_different_currencies_are_no_rows_of_one_product() -> None:
    found = read("sku,name,price,currency\nA,Chair,1,USD\nB,Lamp,2,EUR\nB,Lamp,3,EUR\n")
    assert found.detection.dialect.shape is None
    assert len(found.rows) == 3


def test_of_two_rows_of_one_kind_the_later_counts_and_the_earlier_is_there_to_be_told() -> None:
    found = read(LANGUAGES + "A;de;Sessel;11\n", home_locale="de_DE")
    assert (found.lines, [row[0] for row in found.rows]) == ([2, 3, 4, 6], ["A", "B", "A", "C"])
    joined = records(found)[2]
    assert (joined["bezeichnung"], joined["bezeichnung-fr"], joined["preis"]) == (
        "Sessel", "Chaise", "11",
    )  # fmt: skip


def test_a_row_that_cant_be_read_is_told_at_its_line_and_the_others_go_on() -> None:
    ragged = MAGENTO.replace("M-1,fr,,,Sac,,,,,color=noir\n", "M-1,xx\nM-1,fr,,,Sac,,,,,\n")
    found = read(ragged)
    assert [(problem.line, problem.code) for problem in found.problems] == [(4, "too_few_cells")]
    assert records(found)[0]["name-fr"] == "Sac"
    assert found.records == 3


GOOGLE = """\
<?xml version="1.0"?>
<rss xmlns:g="http://base.google.com/ns/1.0" version="2.0"><channel><title>Shop</title>
<item><g:id>G-1</g:id><title>Chair</title><link>https://x.test/1</link>
<g:image_link>https://x.test/1.jpg</g:image_link><g:price>19.99 EUR</g:price>
<g:availability>in stock</g:availability><g:gtin>4006381333931</g:gtin></item>
<item><g:id>G-2</g:id><title>Lamp</title><link>https://x.test/2</link>
<g:image_link>https://x.test/2.jpg</g:image_link><g:price>5.00 EUR</g:price>
<g:availability>out_of_stock</g:availability></item></channel></rss>
"""


def test_a_google_feed_says_whether_a_product_is_in_stock() -> None:
    found = read(GOOGLE, "feed.xml")
    assert found.detection.dialect.shape == "google"
    chair, lamp = records(found)
    assert (chair["in stock"], lamp["in stock"]) == ("true", "false")
    assert (chair["g:availability"], chair["g:price"]) == ("in stock", "19.99 EUR")


def test_a_google_feed_may_be_a_table() -> None:
    text = "id\ttitle\tlink\timage link\tavailability\tprice\nG\tChair\thttps://x.test\t\tin stock"
    found = read(text + "\t19.99 EUR\n", "feed.tsv")
    assert found.detection.dialect.shape == "google"
    assert records(found)[0]["in stock"] == "true"


def test_akeneo_is_recognised_and_stays_as_it_is() -> None:
    found = read("sku;family;enabled;name-de_DE;price-EUR;weight;weight-unit\nA;f;1;Stuhl;5;1;KG\n")
    assert found.detection.dialect.shape == "akeneo"
    assert len(found.headers) == 7


@pytest.mark.parametrize(
    ("text", "shape", "prices"),
    [
        ("sku;family;enabled;price-EUR;price-USD\nA;f;1;5,50;6\nB;f;1;;7\n", "akeneo",
         ["5,50 EUR; 6 USD", "7 USD"]),
        ("sku,Preis EUR,Preis CHF\nA,5.50,6\n", "prices", ["5.50 EUR; 6 CHF"]),
        (CURRENCIES, "currencies", ["9 EUR; 10 USD", "18 EUR; 20 USD"]),
    ],
)  # fmt: skip
def test_prices_of_several_currencies_stand_together_if_there_is_a_field_for_them(
    text: str, shape: str, prices: list[str]
) -> None:
    found = read(text, home_prices="all_prices", home_currency="EUR")
    assert found.detection.dialect.shape == shape
    assert [record["all_prices"] for record in records(found)] == prices
    assert "all_prices" not in read(text, home_currency="EUR").headers


def test_an_ordinary_file_has_no_shape() -> None:
    found = read("sku,name,price,handle\nA,Chair,5,x\n")
    assert (found.detection.dialect.shape, found.detection.dialect.shaping) == (None, None)


def test_what_was_recognised_can_be_refused() -> None:
    found = read(CURRENCIES, shape="none")
    assert found.detection.dialect.shape is None
    assert len(found.rows) == 4


def test_a_shape_can_be_chosen() -> None:
    text = "sku,name,price,currency\nA,Chair,1,USD\nA,,2,EUR\nB,Lamp,2,EUR\nC,x,2,EUR\nD,y,3,EUR\n"
    assert read(text).detection.dialect.shape is None, "one of four products is no pattern"
    assert len(read(text, shape="currencies").rows) == 4
    with pytest.raises(FileProblem) as caught:
        read(text, shape="shopify")
    assert caught.value.field == "shape"


def test_a_report_of_failed_rows_is_shaped_already() -> None:
    found = read("Handle,Title,Variant SKU,Variant Price,_line,_error\nx,Chair,A,b,2,Not a price\n")
    assert found.detection.dialect.shape is None


def test_a_dialect_with_a_shape_survives_storing() -> None:
    dialect = read(MAGENTO).detection.dialect
    assert type(dialect).from_dict(dialect.as_dict()) == dialect


def test_the_decision_is_told_with_its_reason() -> None:
    reason = read(CURRENCIES).detection.reasons["shape"]
    assert "“currency”" in reason
    assert "“price-EUR”" in reason


def test_each_sku_of_a_real_catalog_has_both_its_currencies() -> None:
    found = read_file(file_at(shared_data("spree", "products.csv")), Overrides(home_currency="USD"))
    assert found.detection.dialect.shape == "currencies"
    both = [r for r in records(found) if "price" in r and "price-EUR" in r]
    assert len(both) > 80
    assert all(record["currency"] == "USD" for record in both)
