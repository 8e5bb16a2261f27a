"""A believable catalog of a shop that doesn't exist, the same at every call.

For the first start, for trying things out and for tests. About 2,000 products of several kinds,
prices in two currencies, tags, gaps, and a few faults on purpose, so that the import has
something to report.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass

HEADERS = (
    "SKU",
    "Product name",
    "Brand",
    "Category",
    "Price EUR",
    "Price USD",
    "Stock",
    "Weight (kg)",
    "Colour",
    "Material",
    "Tags",
    "Active",
    "Description",
    "Product page",
    "EAN",
)
PRODUCTS = 2_000
SHOP = "https://northwind-home.example/p/"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of product: how its names, prices (EUR) and weights (kg) are made."""

    code: str
    category: str
    nouns: tuple[str, ...]
    materials: tuple[str, ...]
    price: tuple[int, int]
    weight: tuple[float, float]


KINDS = (
    Kind(
        "CH",
        "Furniture > Chairs",
        ("lounge chair", "dining chair", "folding stool", "bar stool", "rocking chair", "bench"),
        ("oak", "walnut", "beech", "steel", "rattan"),
        (49, 690),
        (2.5, 18.0),
    ),
    Kind(
        "TB",
        "Furniture > Tables",
        ("side table", "dining table", "desk", "console", "bedside table"),
        ("oak", "walnut", "marble", "glass", "steel"),
        (79, 1490),
        (4.0, 60.0),
    ),
    Kind(
        "LT",
        "Lighting",
        ("desk lamp", "floor lamp", "pendant", "wall light", "lantern"),
        ("brass", "paper", "linen", "glass", "steel"),
        (19, 380),
        (0.4, 7.5),
    ),
    Kind(
        "TX",
        "Textiles",
        (
            "throw 130×170",
            "cushion 50×50",
            "wool runner 80×250",
            "bath towel",
            "tablecloth",
            "curtain pair",
        ),
        ("linen", "wool", "cotton", "velvet"),
        (12, 260),
        (0.2, 6.0),
    ),
    Kind(
        "KT",
        "Kitchen",
        (
            "kettle 1.7 l",
            "carafe 1 l",
            "chopping board",
            "salad bowl",
            "espresso cup, set of 4",
            "pepper mill",
        ),
        ("steel", "glass", "oak", "stoneware"),
        (8, 190),
        (0.2, 3.8),
    ),
    Kind(
        "DC",
        "Decor",
        (
            "vase, tall",
            "bookend pair",
            "mirror 60 cm",
            "basket M",
            "candle holder",
            "photo frame A4",
        ),
        ("ceramic", "marble", "brass", "rattan", "oak"),
        (9, 240),
        (0.2, 6.5),
    ),
)
SERIES = (
    "Oslo",
    "Aarhus",
    "Lund",
    "Turku",
    "Vik",
    "Skagen",
    "Bergen",
    "Malmö",
    "Visby",
    "Åre",
    "Koli",
    "Ribe",
)
BRANDS = (
    "Fjord & Co",
    "Lumo",
    "Hale",
    "Nordlys",
    "Atelier Q",
    "Søstrene Berg",
    "Kvist",
    "Maison Clerc",
)
COLOURS = ("black", "white", "natural", "sage", "sand", "terracotta", "navy", "brass", "walnut")
TAGS = ("new", "outlet", "bestseller", "eco", "gift", "handmade", "limited")


def rows(count: int = PRODUCTS) -> Iterator[list[str]]:
    """The catalog without its header: `count` products and, among them, the faults."""
    rnd = random.Random(20240229)  # noqa: S311  # the same catalog every time is the point
    for number in range(count):
        row = _product(rnd, number)
        yield row
        if number % 400 == 199:
            yield _again_in_other_case(row)
        if number % 700 == 350:
            yield ["", *row[1:]]
        if number % 500 == 250:
            yield [f"NW-ERR-{number}", *row[1:4], "on request", *row[5:]]


def _product(rnd: random.Random, number: int) -> list[str]:
    kind = rnd.choice(KINDS)
    material, noun, series = rnd.choice(kind.materials), rnd.choice(kind.nouns), rnd.choice(SERIES)
    name = f"{series} {noun}" if rnd.random() < 0.5 else f"{series} {material} {noun}"
    sku = f"NW-{kind.code}-{10_000 + number}"
    price = rnd.randint(kind.price[0] * 100, kind.price[1] * 100) / 100
    dollars = round(price * 1.08) - 0.01
    return [
        sku,
        name,
        rnd.choice(BRANDS) if rnd.random() < 0.96 else "",
        kind.category,
        f"{price:.2f}" if rnd.random() < 0.98 else "",
        f"{dollars:.2f}" if rnd.random() < 0.8 else "",
        str(rnd.choice((0, rnd.randint(1, 40), rnd.randint(1, 420)))),
        f"{rnd.uniform(*kind.weight):.2f}" if rnd.random() < 0.9 else "",
        rnd.choice(COLOURS) if rnd.random() < 0.92 else "",
        material,
        ", ".join(rnd.sample(TAGS, rnd.choice((0, 1, 1, 2, 3)))),
        "yes" if rnd.random() < 0.93 else "no",
        _description(rnd, name, material) if rnd.random() < 0.9 else "",
        f"{SHOP}{sku.lower()}",
        _ean(rnd),
    ]


def _description(rnd: random.Random, name: str, material: str) -> str:
    opening = rnd.choice(
        (
            f"The {name} brings quiet warmth to any room.",
            f"Made to be used every day: the {name}.",
            f"{name}: a simple shape, carefully made.",
        )
    )
    middle = rnd.choice(
        (
            f"Solid {material}, finished by hand in small batches.",
            f"{material.capitalize()} from certified sources, with a finish that ages well.",
            f"We chose {material} for its feel and because it lasts.",
        )
    )
    closing = rnd.choice(("Easy to clean.", "Ships flat.", "Repairs for ten years.", ""))
    return " ".join(part for part in (opening, middle, closing) if part)


def _ean(rnd: random.Random) -> str:
    """A well-formed EAN-13 of the range 200–299, which is kept for use inside shops."""
    digits = [2, *(rnd.randrange(10) for _ in range(11))]
    check = -sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10
    return "".join(map(str, [*digits, check]))


def _again_in_other_case(row: list[str]) -> list[str]:
    """The same product once more, its SKU in lower case and with another stock."""
    return [row[0].lower(), *row[1:6], "7", *row[7:]]


def sample_csv(count: int = PRODUCTS) -> bytes:
    """The catalog as a CSV file in UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADERS)
    writer.writerows(rows(count))
    return out.getvalue().encode()
