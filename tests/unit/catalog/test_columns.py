from __future__ import annotations

import pytest

from pim.catalog.columns import DEFAULT_FIELDS, all_columns, image_fields, image_of, shown_columns
from pim.schema.fields import Field
from pim.segments.dsl.properties import label_of, properties_of

SHOP = [
    Field("brand", "string"),
    Field("category", "string"),
    Field("price", "price"),
    Field("stock", "number"),
    Field("tags", "array"),
    Field("description", "string"),
    Field("image_url", "url"),
    Field("ean", "string"),
]


def keys(fields: list[Field], chosen: list[str] | None = None) -> list[str]:
    return [column.key for column in shown_columns(all_columns(fields), chosen)]


def test_without_a_choice_the_telling_fields_are_shown_and_long_ones_are_not() -> None:
    assert keys(SHOP) == [
        "sku",
        "name",
        "brand",
        "category",
        "price",
        "stock",
        "tags",
        "ai_readability_score",
        "active",
        "updated_at",
    ]


def test_sixty_fields_become_a_handful_of_columns_with_the_best_known_among_them() -> None:
    noise = [Field(f"attribute_{i}", "string") for i in range(60)]
    fields = [*noise[:30], Field("brand", "string"), *noise[30:], Field("price-EUR", "number")]
    shown = keys(fields)
    assert len(shown) == 2 + DEFAULT_FIELDS + 3
    assert {"brand", "price-EUR"} <= set(shown)


def test_fields_that_are_mostly_empty_give_way_to_filled_ones() -> None:
    fields = [Field("brand", "string"), *(Field(f"attribute_{i}", "string") for i in range(9))]
    shares = {"brand": 0.02, **{f"attribute_{i}": i / 10 for i in range(9)}}
    shown = [c.key for c in shown_columns(all_columns(fields), None, shares)]
    assert shown[2:8] == [f"attribute_{i}" for i in (3, 4, 5, 6, 7, 8)]


def test_a_choice_is_shown_in_the_order_of_the_table_and_nothing_else() -> None:
    assert keys(SHOP, ["updated_at", "ean", "brand", "gone"]) == [
        "sku",
        "name",
        "brand",
        "ean",
        "updated_at",
    ]


def test_a_choice_of_which_nothing_is_left_counts_as_none() -> None:
    assert keys(SHOP, ["gone"]) == keys(SHOP)


def test_a_field_named_like_a_column_does_not_hide_it() -> None:
    columns = all_columns([Field("source", "string")])
    assert columns["source"].field is None
    assert columns["data.source"].field is not None
    assert properties_of([Field("source", "string")])["data.source"].name == "source"


def test_the_tenants_words_are_only_made_readable_where_they_are_plainly_technical() -> None:
    assert label_of("short_description") == "Short description"
    assert label_of("Maße (cm)") == "Maße (cm)"
    assert label_of("description-en_US-mobile") == "description-en_US-mobile"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"image_url": "https://x.example/a"}, "https://x.example/a"),
        ({"image_url": "http://x.example/a.jpg"}, ""),
        ({"image_url": "javascript:alert(1)//.jpg"}, ""),
        (
            {"images": ["https://x.example/1.png", "https://x.example/2.png"]},
            "https://x.example/1.png",
        ),
        ({"link": "https://x.example/p/1"}, ""),
        ({"link": "https://x.example/p/1.webp?w=20"}, "https://x.example/p/1.webp?w=20"),
        ({"image_url": 17, "images": []}, ""),
        ({}, ""),
    ],
)
def test_a_picture_is_a_safe_address_of_a_field_that_holds_pictures(
    data: dict[str, object], expected: str
) -> None:
    fields = [Field("image_url", "url"), Field("images", "array"), Field("link", "url")]
    assert image_of(data, image_fields(fields)) == expected
