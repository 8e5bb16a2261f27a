"""Large catalogs for benchmarks, the same at every call: a plain one and one of many types."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

WORDS = (
    *("oslo", "lamp", "chair", "brass", "linen", "steel", "glass", "oak", "wool", "vase"),
    *("marble", "paper", "rattan", "stool", "shelf", "kettle", "towel", "runner", "bench"),
    *("mirror", "basket", "frame", "candle", "tray", "desk", "sofa", "rug", "clock"),
)
REPEATED = 0.02


@dataclass(frozen=True, slots=True)
class Catalog:
    """A catalog that can be written in editions: the same SKUs with other values."""

    headers: tuple[str, ...]
    rows: Callable[[int], Iterator[list[str]]]

    def write(self, path: Path, edition: int) -> Path:
        """Write an edition as CSV, unless it is there."""
        if not path.exists():
            with path.open("w", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(self.headers)
                writer.writerows(self.rows(edition))
        return path


def plain(count: int) -> Catalog:
    """`count` rows of sku, name, description; 2 % repeat an earlier SKU in another case."""

    def rows(edition: int) -> Iterator[list[str]]:
        rnd = random.Random(1)
        for number in range(count):
            again = number > 100 and rnd.random() < REPEATED
            sku = f"sku-{rnd.randrange(number):07d}" if again else f"SKU-{number:07d}"
            name = f"{rnd.choice(WORDS).capitalize()} {rnd.choice(WORDS)} {number}"
            description = " ".join(rnd.choices(WORDS, k=14)) + f" {edition}"
            yield [sku, name, description]

    return Catalog(("sku", "name", "description"), rows)


def typed(count: int) -> Catalog:
    """`count` rows of 12 columns: texts, numbers, a price, a flag, a list and an address."""

    def rows(edition: int) -> Iterator[list[str]]:
        rnd = random.Random(2)
        for number in range(count):
            yield [
                f"T-{number:07d}",
                f"{rnd.choice(WORDS).capitalize()} {rnd.choice(WORDS)}",
                " ".join(rnd.choices(WORDS, k=10)),
                rnd.choice(WORDS).upper(),
                f"{rnd.randrange(100, 99_900) / 100 + edition:.2f}",
                str(rnd.randrange(500)),
                f"{rnd.uniform(0.1, 40):.2f}",
                rnd.choice(("yes", "no")),
                ", ".join(rnd.sample(WORDS, 3)),
                f"https://shop.example/p/{number}",
                rnd.choice(("S", "M", "L", "XL")),
                f"{rnd.randrange(10**12, 10**13)}",
            ]

    return Catalog(
        (
            *("sku", "name", "description", "brand", "price", "stock", "weight", "in_stock"),
            *("tags", "url", "size", "ean"),
        ),
        rows,
    )


def wide_texts(size: int) -> Catalog:
    """Rows of sku, name and a description of some 4,000 characters, `size` bytes in all."""

    def rows(edition: int) -> Iterator[list[str]]:
        rnd = random.Random(3)
        text = " ".join(rnd.choices(WORDS, k=2_000))
        for number in range(size // 4_000):
            start = rnd.randrange(len(text) - 4_000)
            yield [f"W-{number:07d}", f"Item {number}", text[start : start + 3_950]]

    return Catalog(("sku", "name", "description"), rows)


# The fields of `rich`, with their types.
RICH_FIELDS: dict[str, str] = {
    **{"brand": "string", "description": "string", "mpn": "string", "material": "string"},
    **{"size": "string", "page": "url", "stock": "number", "weight": "number"},
    **{"organic": "boolean", "tags": "array", "price": "price", "prices": "multi_price"},
}
DISTINCT_NUMBERS = 400_000


def rich(count: int) -> Iterator[tuple[str, str, str]]:
    """`count` products of 12 fields of all types: SKU, name, and their values as JSON.

    A tenth of the values is missing; of `mpn` there are 400,000 different ones.
    """
    rnd = random.Random(4)
    texts = [" ".join(rnd.choices(WORDS, k=7)) for _ in range(5_000)]
    for number in range(count):
        amount = rnd.randrange(100, 99_900) / 100
        values = {
            "brand": f'"{rnd.choice(WORDS).upper()} {number % 40}"',
            "description": f'"{rnd.choice(texts)} {rnd.choice(texts)} {number}"',
            "mpn": f'"MPN{number * 7919 % DISTINCT_NUMBERS:06d}"',
            "material": f'"{rnd.choice(WORDS)}"',
            "size": f'"{rnd.choice(("S", "M", "L", "XL"))}"',
            "page": f'"https://shop.example/p/{number}"',
            "stock": str(rnd.randrange(500)),
            "weight": f"{rnd.randrange(10, 4_000) / 100:g}",
            "organic": rnd.choice(("true", "false")),
            "tags": '["' + '", "'.join(rnd.sample(WORDS, 3)) + '"]',
            "price": f'{{"amount": {amount:g}, "currency": "{rnd.choice(("EUR", "USD"))}"}}',
            "prices": f'[{{"amount": {amount:g}, "currency": "EUR"}}, '
            f'{{"amount": {amount * 1.1:.2f}, "currency": "USD"}}]',
        }
        kept = ", ".join(f'"{k}": {v}' for k, v in values.items() if rnd.random() > 0.1)
        yield f"R-{number:07d}", f"{rnd.choice(WORDS).capitalize()} {number}", f"{{{kept}}}"
