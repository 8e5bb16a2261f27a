"""What addresses of the API are made of, beyond what the router knows by itself."""

from __future__ import annotations

from werkzeug.routing import BaseConverter


class SkuConverter(BaseConverter):
    """A SKU in an address: any text, slashes included (sent as `%2F`)."""

    regex = ".+?"
    part_isolating = False
    weight = 300
