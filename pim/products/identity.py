"""What makes two SKUs the same. The one definition of it."""

from __future__ import annotations


def sku_key(sku: str) -> str:
    """The SKU as it is compared: without surrounding blanks, without case."""
    return sku.strip().casefold()
