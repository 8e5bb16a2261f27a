"""The addresses of the rule builder: a new segment's and a stored one's."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, flash, request
from werkzeug.wrappers import Response as BaseResponse

from pim.catalog import build
from pim.catalog.detail import import_name
from pim.core.db import transaction
from pim.core.errors import Conflict, FieldError, Invalid, StaleVersion
from pim.identity.access import requires
from pim.schema.types import shown
from pim.segment_pages import forms, moves, pages
from pim.segment_pages.builder import RuleForm, blank_rule, read_sent, unpacked
from pim.segment_pages.choices import view_of
from pim.segment_pages.editor import (
    Settings,
    Tenant,
    editor,
    rule_of,
    settings_of,
    tenant_now,
)
from pim.segment_pages.from_catalog import Saved, rule_of_list
from pim.segment_pages.marks import marks_of
from pim.segment_pages.pages import BASE, SegmentPage, form_page, new_page, segment_page
from pim.segment_pages.starters import starter
from pim.segment_pages.writing import write
from pim.segments import service
from pim.segments.models import ProductSegment
from pim.segments.queries import get_segment
from pim.web.htmx import redirect, render, wants_block
from pim.web.words import search_words

blueprint = Blueprint("segments", __name__)

NEW = f"{BASE}/new"
ONE = f"{BASE}/<id:segment_id>"
PAGE = "segments/edit.html"
COPY_TITLE = "The copy isn't saved yet"
COPY_NOTE = "Something in its rule is gone meanwhile. Put right what is marked, then create it."
LEFT_OUT = "Not all of the list can be said as a rule"


@blueprint.get(NEW)
@requires("segment.write")
def new_segment() -> Response:
    """The builder, blank, or with a rule to begin with: a starter's or a list's of the catalog."""
    tenant = tenant_now()
    begun = starter(request.args.get("starter", ""), tenant.vocabulary)
    if begun is not None:
        settings = Settings(name=begun.name, description=begun.description)
        made = editor(rule_of(begun.definition, tenant), settings, tenant)
        return render(PAGE, page=new_page(made))
    saved = _of_list(tenant)
    form = rule_of(saved.definition, tenant) if saved else blank_rule()
    notes = saved.left_out if saved else ()
    page = new_page(editor(form, Settings(), tenant), notes=notes, notes_title=LEFT_OUT)
    return render(PAGE, page=page)


@blueprint.get(f"{ONE}/copy")
@requires("segment.write")
def copy_segment(segment_id: int) -> Response:
    """The builder of a new segment with the rule of another, to be put right before it is saved."""
    original, tenant = get_segment(segment_id), tenant_now()
    settings = replace(settings_of(original), name=service.free_name(original.name), version="")
    made = editor(rule_of(original.definition, tenant), settings, tenant)
    notes = (COPY_NOTE,) if made.live.problem else ()
    page = new_page(made, changed=True, notes=notes, notes_title=COPY_TITLE)
    return render(PAGE, page=page)


def _of_list(tenant: Tenant) -> Saved | None:
    """The rule of the list whose address was sent along, if one was."""
    asked = build.read_request(request.args, tenant.vocabulary)
    if not asked.state.is_narrowed:
        return None
    import_id = asked.state.import_id
    saved = rule_of_list(
        asked.state.q,
        asked.conditions,
        tenant.vocabulary.default_currency,
        segments=[each.id for each in asked.segments],
        import_name=import_name(import_id) if import_id is not None else "",
    )
    bad = tuple(f"{each.message} It is left out." for each in asked.bad)
    return Saved(saved.definition, saved.left_out + bad)


@blueprint.post(NEW)
@requires("segment.write")
def create_segment() -> BaseResponse:
    """Store a new segment, or show what stands against it."""
    tenant, form = tenant_now(), read_sent(request.form)
    settings = forms.settings_sent(request.form)
    definition = write(form, tenant.known.properties, tenant.people).definition
    try:
        with transaction():
            made = service.create_segment(
                definition=definition, is_active=settings.is_active, **forms.values_of(settings)
            )
            address = f"{BASE}/{made.id}"
    except (Invalid, Conflict) as problem:
        return _refused(None, form, settings, tenant, problem)
    flash(f"{shown(' '.join(settings.name.split()))} is saved. Its members are on their way.", "ok")
    return redirect(address)


@blueprint.get(ONE)
@requires("segment.read")
def show_segment(segment_id: int) -> Response:
    """A segment: its rule in the builder, its members, how they changed."""
    segment = get_segment(segment_id)
    words = search_words(request.args.get("q", ""))
    cursor = request.args.get("after", "")
    if wants_block():
        page = segment_page(segment, None, words=words, cursor=cursor)
        return render(PAGE, block="members", page=page)
    tenant = tenant_now(segment_id)
    made = editor(
        rule_of(segment.definition, tenant), settings_of(segment), tenant, own_id=segment_id
    )
    return render(PAGE, page=segment_page(segment, made, words=words, cursor=cursor))


@blueprint.post(ONE)
@requires("segment.write")
def save_segment(segment_id: int) -> BaseResponse:
    """Store what was changed, or show what stands against it."""
    tenant, form = tenant_now(segment_id), read_sent(request.form)
    segment = get_segment(segment_id)
    settings = forms.settings_sent(request.form, is_active=segment.is_active)
    definition = write(form, tenant.known.properties, tenant.people).definition
    try:
        with transaction():
            service.change_segment(
                segment_id,
                expected_version=forms.version_in(settings.version),
                definition=definition,
                **forms.values_of(settings),
            )
    except StaleVersion:
        return _stale(segment_id, form, settings, tenant)
    except (Invalid, Conflict) as problem:
        return _refused(get_segment(segment_id), form, settings, tenant, problem)
    flash("Saved.", "ok")
    return redirect(f"{BASE}/{segment_id}")


@blueprint.post(f"{NEW}/form")
@requires("segment.write")
def change_new_form() -> Response:
    """The form of a new segment after one of its buttons; nothing is saved."""
    return _form_after_button(None)


@blueprint.post(f"{ONE}/form")
@requires("segment.write")
def change_form(segment_id: int) -> Response:
    """The form after one of its buttons; nothing is saved."""
    return _form_after_button(get_segment(segment_id))


@blueprint.post(f"{NEW}/preview")
@requires("segment.read")
def preview_new() -> Response:
    """What the rule finds as it stands; nothing is saved."""
    return _preview(None)


@blueprint.post(f"{ONE}/preview")
@requires("segment.read")
def preview_segment(segment_id: int) -> Response:
    """What the rule finds as it stands; nothing is saved."""
    return _preview(get_segment(segment_id))


def _form_after_button(segment: ProductSegment | None) -> Response:
    own_id = segment.id if segment else None
    tenant = tenant_now(own_id)
    verb = request.form.get("do", "")
    form, focus = moves.apply(read_sent(request.form), verb)
    if verb == "before":
        form = unpacked(request.form.get("before", ""))
    settings = forms.settings_sent(request.form)
    partly = wants_block()
    made = editor(form, settings, tenant, own_id=own_id, focus=focus, count=not partly)
    page = around(segment, form_page(segment, made, recount=partly, changed=True))
    return render(PAGE, block="rule", page=page)


def _preview(segment: ProductSegment | None) -> Response:
    own_id = segment.id if segment else None
    tenant = tenant_now(own_id)
    form, settings = read_sent(request.form), forms.settings_sent(request.form)
    made = editor(form, settings, tenant, own_id=own_id)
    page = around(segment, form_page(segment, made, changed=True))
    return render(PAGE, block=("live", "words", "notes"), page=page, oob=wants_block())


def around(segment: ProductSegment | None, page: SegmentPage) -> SegmentPage:
    """The rest of a stored segment's page, for a browser that loads all of it."""
    if segment is None or wants_block():
        return page
    whole = segment_page(segment, page.editor)
    return replace(page, members=whole.members, trend=whole.trend, changes=whole.changes)


def _refused(
    segment: ProductSegment | None,
    form: RuleForm,
    settings: Settings,
    tenant: Tenant,
    problem: Invalid | Conflict,
) -> Response:
    """The form with what stands against it."""
    own_id = segment.id if segment else None
    errors = (
        problem.errors
        if isinstance(problem, Invalid)
        else [FieldError(f"/{problem.extra.get('field', 'name')}", problem.code, problem.message)]
    )
    written = write(form, tenant.known.properties, tenant.people)
    marks = marks_of(forms.rule_errors(errors), written, form)
    view = view_of(form, tenant.known, marks)
    made = editor(
        form,
        forms.with_errors(settings, errors),
        tenant,
        own_id=own_id,
        wrong=marks,
        problems=forms.summary(errors, marks, view),
    )
    page = around(segment, form_page(segment, made, changed=True))
    return render(PAGE, block="editor", status=422, page=page)


def _stale(segment_id: int, form: RuleForm, settings: Settings, tenant: Tenant) -> Response:
    """The form beside what somebody else stored meanwhile; saving again takes the place of it."""
    segment = get_segment(segment_id)
    mine = replace(settings, is_active=segment.is_active)
    made = editor(form, mine, tenant, own_id=segment_id)
    theirs = pages.theirs_of(segment)
    page = around(segment, form_page(segment, made, theirs=theirs, changed=True))
    return render(PAGE, block="editor", status=409, page=page)
