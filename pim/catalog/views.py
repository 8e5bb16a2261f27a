"""The addresses of the catalog table."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as BaseResponse

from pim.catalog import build, editing, exporting, preferences
from pim.catalog.folding import is_form
from pim.catalog.page import row
from pim.catalog.pictures import picture_fields
from pim.catalog.product_views import render_product
from pim.catalog.state import CatalogState, state_of_url
from pim.catalog.undo import deleted_in
from pim.identity.access import requires
from pim.products.models import Product
from pim.schema.queries import current_vocabulary
from pim.web.download import download
from pim.web.htmx import is_htmx, push_url, redirect, render, wants_block
from pim.web.theme import local_path

blueprint = Blueprint("catalog", __name__)


@blueprint.get("/pim")
@requires("catalog.read")
def show_catalog() -> BaseResponse:
    """The table, or for htmx the region with everything below the top bar."""
    asked = preferences.with_columns(build.read_request(request.args, current_vocabulary()))
    if is_form(request.args) and not asked.form_error and not is_htmx():
        return preferences.remember(redirect(asked.state.url()), asked)
    page = build.build(asked, request.args)
    page = replace(page, undo=deleted_in(request.args.get("deleted", "")))
    status = 422 if asked.form_error or asked.bad else 200
    response = render("catalog/list.html", block="catalog", status=status, page=page)
    return preferences.remember(_with_address(response, asked.state), asked)


def _with_address(response: Response, state: CatalogState) -> Response:
    """Let the address bar say what is shown: typing replaces the address, the rest adds to it."""
    if not is_htmx():
        return response
    if "catalog-search" in request.headers.get("HX-Source", ""):
        response.headers["HX-Replace-Url"] = state.url()
        return response
    return push_url(response, state.url())


@blueprint.get("/pim/facets")
@requires("catalog.read")
def show_facets() -> BaseResponse:
    """The facets of a large catalog, brought after the table; by hand it leads to the page."""
    asked = build.read_request(request.args, current_vocabulary())
    if not wants_block():
        return redirect(asked.state.url())
    return render("catalog/list.html", block="facets", page=build.facets_page(asked), part=True)


@blueprint.get("/pim/columns")
@requires("catalog.read")
def choose_columns() -> Response:
    """The form that chooses columns, as a page of its own."""
    asked = preferences.with_columns(build.read_request(request.args, current_vocabulary()))
    return render("catalog/columns.html", page=build.columns_page(asked))


@blueprint.get(exporting.ADDRESS)
@requires("catalog.read")
def export_catalog() -> BaseResponse:
    """All products of the list as a file; a list that can't be shown can't be a file either."""
    asked = build.read_request(request.args, current_vocabulary())
    if asked.bad or asked.form_error:
        return redirect(asked.state.url())
    query, wanted = build.query_of(asked), request.args.get("format", "csv")
    export = exporting.export_list(query, asked.vocabulary, wanted)
    return download(export.chunks, export.filename, export.media_type, export.close)


@blueprint.post("/pim/<int:product_id>/active")
@requires("product.write")
def switch_active(product_id: int) -> BaseResponse:
    """Switch a product on or off: htmx gets its row (or the head of its page) again."""
    back = local_path(request.form.get("next", "/pim"))
    source = "inline" if back == f"/pim/{product_id}" else "grid"
    product = editing.set_active(product_id, request.form.get("active") == "1", source=source)
    if not is_htmx():
        return redirect(back)
    if "product-summary" in request.headers.get("HX-Target", ""):
        return render_product(product, ("summary", "facts", "history"), oob=True)
    return _row(product, state_of_url(back))


def _row(product: Product, state: CatalogState) -> Response:
    vocabulary = current_vocabulary()
    asked = preferences.with_columns(build.asked_of(state, vocabulary))
    pictures = picture_fields(vocabulary)
    return render(
        "catalog/list.html",
        block="row",
        row=row(product, asked.shown, vocabulary, pictures),
        page=build.row_page(asked),
    )
