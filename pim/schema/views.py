"""The addresses of the schema page."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from pim.core.db import transaction
from pim.core.errors import FieldError, Invalid
from pim.core.tenancy import current_tenant_id
from pim.identity.access import requires
from pim.schema import service
from pim.schema.changes import Effect, ProductsDontFit, Saved, fingerprint
from pim.schema.fields import Field
from pim.schema.forms import DefaultsForm, DeleteForm, FieldForm
from pim.schema.page import path_of, schema_page
from pim.schema.ports import field_values
from pim.schema.queries import current_vocabulary
from pim.schema.signals import needs_of
from pim.schema.types import shown
from pim.web.htmx import is_htmx, redirect, render
from pim.web.words import plural

blueprint = Blueprint("schema", __name__)

PAGE = "/pim/schema"
FIELD = f"{PAGE}/fields/<string:name>"


@blueprint.get(PAGE)
@requires("schema.read")
def show_schema() -> Response:
    """The fields in their order, values without a field, and the defaults."""
    return _page(count="count" in request.args)


def _page(defaults: DefaultsForm | None = None, *, count: bool = False) -> Response:
    vocabulary = current_vocabulary()
    return render(
        "schema/page.html",
        block="fields",
        status=422 if defaults else 200,
        page=schema_page(vocabulary, count=count),
        vocabulary=vocabulary,
        defaults=defaults or DefaultsForm.for_vocabulary(vocabulary),
    )


@blueprint.route(f"{PAGE}/fields", methods=["GET", "POST"])
@requires("schema.write")
def add_field() -> Response:
    """Add a field at the end."""
    form = FieldForm.from_request(name=request.args.get("name", ""))
    if request.method == "GET":
        return _form_page(form)
    vocabulary = current_vocabulary()
    try:
        with transaction():
            saved = service.change_schema(
                service.added_field(form.definition()),
                accepted=form.confirmed.data or "",
                expected_version=vocabulary.version,
            )
    except Invalid as problem:
        form.take_errors(problem)
        return _form_page(form, status=422)
    except ProductsDontFit as problem:
        return _preview(form, problem)
    flash(_done(f"{shown(saved.vocabulary.names[-1])} is added.", saved), "ok")
    return redirect(PAGE)


@blueprint.route(FIELD, methods=["GET", "POST"])
@requires("schema.write")
def edit_field(name: str) -> Response:
    """Rename a field, give it another type, describe it."""
    vocabulary = current_vocabulary()
    found = vocabulary.fields[service.position_of(vocabulary, name)]
    if request.method == "GET":
        return _form_page(FieldForm.of(found), found)
    form = FieldForm.from_request()
    try:
        with transaction():
            change = service.edited_field(name, form.definition(), form.chosen_notation())
            saved = service.change_schema(
                change,
                accepted=form.confirmed.data or "",
                expected_version=vocabulary.version,
            )
    except Invalid as problem:
        form.take_errors(problem)
        return _form_page(form, found, status=422)
    except ProductsDontFit as problem:
        return _preview(form, problem, found)
    flash(_done(f"{shown(name)} is saved.", saved), "ok")
    return redirect(PAGE)


def _form_page(
    form: FieldForm,
    field: Field | None = None,
    problem: ProductsDontFit | None = None,
    status: int = 200,
) -> Response:
    effects = problem.effects if problem else ()
    return render(
        "schema/field.html",
        block="editor",
        status=status,
        form=form,
        field=field,
        effects=effects,
        confirm=fingerprint(effects) if effects else "",
        accept_label=_accept_label(effects),
        ambiguous=any(effect.ambiguous for effect in effects),
        action=request.path,
    )


def _accept_label(effects: Sequence[Effect]) -> str:
    """What the button that accepts says it does."""
    removed = sum(effect.count for effect in effects if effect.kind == "type")
    replaced = sum(effect.count for effect in effects if effect.kind == "taken")
    if removed and replaced:
        return f"Save, remove {plural(removed, 'value')} and replace {replaced:,}"
    if removed:
        return f"Save and remove {plural(removed, 'value')}"
    return f"Save and replace {plural(replaced, 'value')}" if replaced else "Save all the same"


def _preview(form: FieldForm, problem: ProductsDontFit, field: Field | None = None) -> Response:
    """The form again, with what would become of the products: nothing is done yet."""
    return _form_page(form, field, problem, status=409)


def _done(what: str, saved: Saved) -> str:
    parts = [what]
    if saved.moved:
        parts.append(f"{plural(saved.moved, 'value')} moved along.")
    if saved.converted:
        parts.append(f"{plural(saved.converted, 'value')} converted.")
    if saved.removed:
        parts.append(f"{plural(saved.removed, 'value')} removed.")
    return " ".join(parts)


@blueprint.post(f"{FIELD}/move")
@requires("schema.write")
def move_field(name: str) -> Response:
    """Swap a field with the one above or below it."""
    direction = request.form.get("direction", "")
    if direction not in ("up", "down"):
        raise Invalid([FieldError("/direction", "bad_parameter", "Move it up or down.")])
    with transaction():
        service.move_field(name, direction)  # type: ignore[arg-type]  # one of the two
    return _page(count="count" in request.form) if is_htmx() else redirect(PAGE)


@blueprint.route(f"{FIELD}/delete", methods=["GET", "POST"])
@requires("schema.write")
def delete_field(name: str) -> Response:
    """Ask what becomes of the values, then take the field out."""
    vocabulary = current_vocabulary()
    service.position_of(vocabulary, name)
    form = DeleteForm.from_request()
    if request.method == "GET" or not form.validate():
        count = field_values().count_values([name]).get(name, 0)
        status = 200 if request.method == "GET" else 422
        return render(
            "schema/delete.html",
            status=status,
            name=name,
            path=path_of(name),
            count=count,
            needs=list(needs_of(current_tenant_id(), name)),
            form=form,
        )
    with transaction():
        saved = service.delete_field(name, remove_values=form.values.data == "remove")
    flash(_done(f"{shown(name)} is deleted.", saved), "ok")
    return redirect(PAGE)


@blueprint.post(f"{PAGE}/defaults")
@requires("schema.write")
def set_defaults() -> Response:
    """Choose the currency and locale that stand in."""
    form = DefaultsForm.for_vocabulary(current_vocabulary())
    if not form.validate():
        return _page(form)
    try:
        with transaction():
            service.set_defaults(form.default_currency.data, form.default_locale.data)
    except Invalid as problem:
        form.take_errors(problem)
        return _page(form)
    flash("The defaults are saved.", "ok")
    return redirect(PAGE)
