"""The catalog as a file: `GET /api/pim/products/export/`."""

from __future__ import annotations

from flask import Response

from pim.api import params
from pim.api.routes import Answer, Param, Resource
from pim.api.v1.product_selection import (
    WHICH,
    known_parameters,
    sort_of_request,
    which_products,
)
from pim.api.v1.products import AWAY, NO_SEGMENT, named_fields
from pim.products import queries
from pim.products.export.base import Options
from pim.products.export.formats import FORMATS
from pim.products.export.service import open_export
from pim.schema.queries import current_vocabulary
from pim.web.download import download

resource = Resource("export", "/pim/products", "The catalog as a file.")


@resource.get(
    "/export/",
    permission="catalog.read",
    summary="Export products as a file",
    params=[
        Param("format", {"enum": list(FORMATS), "default": "csv"}, "The file's format."),
        *WHICH,
        Param(
            "fields",
            {"type": "string"},
            "Names of fields, separated by commas: the columns after `sku`, `name` and `active`, "
            "in this order. All fields without it.",
        ),
        Param(
            "harmless",
            {"type": "boolean", "default": False},
            "CSV for spreadsheets: cells that one would run as a formula get an apostrophe in "
            "front. It doesn't read back as the same.",
        ),
    ],
    answers={
        200: Answer("The file.", {"type": "string", "format": "binary"}, "text/csv"),
        422: Answer(
            "A workbook can't hold it: too many rows, too much, or too long a value.",
            "Problem",
            "application/problem+json",
        ),
        404: NO_SEGMENT,
        503: AWAY,
    },
)
def export_products() -> Response:
    """Export products as a file.

    All products of one moment, streamed, however many there are. An import of the file finds every
    product unchanged. As `jsonl`, a line is what `bulk/` takes as `application/x-ndjson`.
    """
    known_parameters("format", "fields", "harmless")
    format_name = params.choice("format", tuple(FORMATS), "csv")
    (sort, descending), wanted, fields = sort_of_request(), which_products(), named_fields()
    options = Options(harmless=bool(params.flag("harmless")))
    statement = queries.in_order(
        queries.matching(wanted.resolved()),
        sort,  # type: ignore[arg-type]  # SORTS has only such keys
        descending=descending,
    )
    export = open_export(
        statement, format_name, current_vocabulary(), fields=fields, options=options
    )
    return download(export.chunks, export.filename, export.media_type, export.close)
