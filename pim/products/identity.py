"""What makes two SKUs the same. The one definition of it."""

from __future__ import annotations

from collections.abc import Iterable


def sku_key(sku: str) -> str:
    """The SKU as it is compared: without surrounding blanks, without case."""
    return sku.strip().casefold()


def sku_keys(skus: Iterable[str]) -> list[str]:
    """The keys of many SKUs."""
    return [sku.strip().casefold() for sku in skus]
