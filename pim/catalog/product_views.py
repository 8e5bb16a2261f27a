"""The addresses of a single product: its page, its fields, making and deleting it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, flash, request
from werkzeug.wrappers import Response as BaseResponse

from pim.catalog import creating, detail, editing, undo
from pim.catalog.inputs import read_input, with_one_more_row
from pim.core.db import transaction
from pim.core.errors import Conflict, FieldError, Invalid, NotFound, StaleVersion
from pim.identity.access import requires
from pim.products.models import Product
from pim.products.queries import get_product
from pim.products.service import create_product, delete_product
from pim.schema.queries import current_vocabulary
from pim.web.htmx import is_htmx, redirect, render, wants_block

blueprint = Blueprint("product", __name__)

AFTER_EDIT = ("field", "summary", "facts", "history")


@blueprint.get("/pim/<int:product_id>")
@requires("catalog.read")
def show_product(product_id: int) -> Response:
    """The product's page; `edit` opens a field's form, `field` asks for one field alone."""
    product = get_product(product_id)
    edit = request.args.get("edit", "")
    if wants_block():
        row = _row(product, edit or request.args.get("field", ""))
        if edit:
            row = detail.editing(row, product, current_vocabulary())
        return render_row(product, row, saved="field" in request.args)
    return render_product(product, None, edit=edit)


@blueprint.post("/pim/<int:product_id>")
@requires("product.write")
def save_field(product_id: int) -> BaseResponse:
    """Save one field; a refused value comes back with its form, a stale one with both values."""
    product, key = get_product(product_id), request.args.get("edit", "")
    row = _row(product, key)
    given = read_input(row.type, request.form, f"v-{key}")
    seen = _version(product)
    row = replace(row, given=given, version=seen)
    if request.form.get("add_row"):
        currency = current_vocabulary().default_currency
        return render_row(product, replace(row, given=with_one_more_row(given, currency)))
    try:
        product = editing.save_field(product_id, row, given, seen)
    except Invalid as error:
        said = " ".join(dict.fromkeys(problem.message for problem in error.errors))
        return render_row(get_product(product_id), replace(row, error=said), status=422)
    except StaleVersion as error:
        return _show_clash(error.extra["current"], key, row)
    except Conflict as error:
        return render_row(get_product(product_id), replace(row, error=error.message), status=422)
    if not is_htmx():
        return redirect(f"/pim/{product_id}#field-{key}")
    return render_product(product, AFTER_EDIT, row=_row(product, key), oob=True, saved=True)


def _show_clash(current: Product, key: str, row: detail.FieldRow) -> Response:
    """Theirs beside mine; saving again is a decision, made with the present version."""
    theirs = _row(current, key)
    clash = detail.clash_of(current, theirs, current_vocabulary())
    row = replace(theirs, given=row.given, clash=clash, version=current.version)
    return render_row(current, row, status=409)


def _row(product: Product, key: str) -> detail.FieldRow:
    row = detail.find_row(product, current_vocabulary(), key)
    if row is None:
        raise NotFound("The schema doesn't have this field any more.")
    return row


def _version(product: Product) -> int:
    text = request.form.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 19 else product.version


def render_row(
    product: Product, row: detail.FieldRow, *, status: int = 200, saved: bool = False
) -> Response:
    """One field: alone for htmx, in its page otherwise."""
    if wants_block():
        return render(
            "catalog/product.html",
            block="field",
            status=status,
            product=product,
            row=row,
            saved=saved,
        )
    page = detail.product_page(product, current_vocabulary()).with_row(row)
    return render("catalog/product.html", status=status, page=page, back=_back())


def render_product(
    product: Product, blocks: tuple[str, ...] | None, *, edit: str = "", **context: Any
) -> Response:
    """The product's page, or several blocks of it."""
    page = detail.product_page(product, current_vocabulary(), edit)
    return render(
        "catalog/product.html",
        block=blocks,
        page=page,
        product=product,
        back=_back(),
        **context,
    )


def _back() -> str:
    """The catalog as it was left, where the browser says so."""
    came_from = urlsplit(request.referrer or "")
    if came_from.netloc == request.host and came_from.path == "/pim" and came_from.query:
        return f"/pim?{came_from.query}"
    return "/pim"


@blueprint.get("/pim/new")
@requires("product.write")
def new_product() -> Response:
    """An empty form."""
    return render("catalog/new.html", form=creating.empty_form(current_vocabulary()))


@blueprint.post("/pim/new")
@requires("product.write")
def make_product() -> BaseResponse:
    """Make the product, or show the form again with what is wrong."""
    form = creating.read_form(request.form, current_vocabulary())
    try:
        given = creating.product_input(form, editing.form_context())
        with transaction():
            product = create_product(given)
    except (Invalid, Conflict) as error:
        return render("catalog/new.html", status=422, form=creating.refused(form, error))
    flash(f"{product.name or product.sku} is in the catalog", "ok")
    return redirect(f"/pim/{product.id}")


@blueprint.get("/pim/<int:product_id>/delete")
@requires("product.delete")
def ask_to_delete(product_id: int) -> Response:
    """The question on a page of its own, for who has no script."""
    page = detail.product_page(get_product(product_id), current_vocabulary())
    return render("catalog/delete.html", page=page, stale=False)


@blueprint.post("/pim/<int:product_id>/delete")
@requires("product.delete")
def delete(product_id: int) -> BaseResponse:
    """Delete the product and go back to the catalog, where it can be undone."""
    product = get_product(product_id)
    try:
        with transaction():
            change_set_id = delete_product(product_id, expected_version=_version(product))
    except StaleVersion as error:
        page = detail.product_page(error.extra["current"], current_vocabulary())
        return render("catalog/delete.html", status=409, page=page, stale=True)
    return redirect(f"/pim?deleted={change_set_id}")


def _change_set() -> int:
    text = request.form.get("change_set", "")
    if not text.isdecimal() or len(text) > 18:
        message = "This doesn't say what to undo. Go back and try again."
        raise Invalid([FieldError("change_set", "required", message)])
    return int(text)


@blueprint.post("/pim/<int:product_id>/undo")
@requires("product.write")
def undo_change(product_id: int) -> BaseResponse:
    """Take back one change of the product's history."""
    get_product(product_id)
    try:
        with transaction():
            undo.undo_change(product_id, _change_set())
        flash("Taken back", "ok")
    except Conflict as error:
        flash(error.message, "warn")
    return redirect(f"/pim/{product_id}")


@blueprint.post("/pim/undo-delete")
@requires("product.delete")
def undo_delete() -> BaseResponse:
    """Bring a deleted product back."""
    with transaction():
        product_id = undo.undo_deletion(_change_set())
    flash("It is back in the catalog", "ok")
    return redirect(f"/pim/{product_id}")
