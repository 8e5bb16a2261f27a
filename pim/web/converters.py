"""`<id:product_id>` in an address: what PostgreSQL can hold as an id. Anything else is a 404."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**63 - 1


class IdConverter(IntegerConverter):
    """A positive bigint."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, min=1, max=LARGEST)


def init_app(app: Flask) -> None:
    """Make the converter known."""
    app.url_map.converters["id"] = IdConverter
