"""The list of segments, and what is done with one as a whole: switch, compute, copy, delete."""

from __future__ import annotations

from flask import Response, flash, request
from werkzeug.wrappers import Response as BaseResponse

from pim.core.db import transaction
from pim.core.errors import Conflict, Invalid, StaleVersion
from pim.identity.access import requires
from pim.schema.types import shown
from pim.segment_pages import forms, listing, pages
from pim.segment_pages.pages import BASE
from pim.segment_pages.views import ONE, PAGE, blueprint
from pim.segments import service
from pim.segments.models import ProductSegment
from pim.segments.queries import get_segment
from pim.web.htmx import is_htmx, redirect, render, wants_block
from pim.web.theme import local_path
from pim.web.words import search_words

LIST = "segments/list.html"


@blueprint.get(BASE)
@requires("segment.read")
def list_segments() -> Response:
    """Every segment, by name; those with some words in it, if any are given."""
    words = search_words(request.args.get("q", ""))
    page = listing.list_page(words, request.args.get("after", ""), BASE)
    return render(LIST, block="segments", page=page)


@blueprint.get(f"{ONE}/row")
@requires("segment.read")
def show_row(segment_id: int) -> BaseResponse:
    """The line of one segment, for the list that waits for it; by hand it leads to the list."""
    segment = get_segment(segment_id)
    return _row(segment) if wants_block() else redirect(BASE)


@blueprint.get(f"{ONE}/state")
@requires("segment.read")
def show_state(segment_id: int) -> BaseResponse:
    """The head of a segment's page that waits, with its members once they are new."""
    segment = get_segment(segment_id)
    if not wants_block():
        return redirect(f"{BASE}/{segment_id}")
    if request.args.get("seen", "") == str(segment.generation):
        return _head(segment)
    page = pages.segment_page(segment, None)
    blocks = ("segment_head", "failure", "trend", "members", "changes", "delete_form")
    return render(PAGE, block=blocks, page=page, oob=True, oob_rest=True)


@blueprint.post(f"{ONE}/active")
@requires("segment.write")
def switch_active(segment_id: int) -> BaseResponse:
    """Keep a segment up to date from now on, or let it rest."""
    with transaction():
        # Who changes the rule beside it isn't to be told that somebody else changed the segment.
        before = get_segment(segment_id, lock=True).version
        is_own = request.form.get("version", "") == str(before)
        service.set_active(segment_id, request.form.get("active") == "1")
    return _answered(segment_id, renew_version=is_own)


@blueprint.post(f"{ONE}/recompute")
@requires("segment.write")
def recompute(segment_id: int) -> BaseResponse:
    """Have a segment computed at once."""
    with transaction():
        service.request_recompute(segment_id)
    return _answered(segment_id)


@blueprint.post(f"{ONE}/duplicate")
@requires("segment.write")
def duplicate(segment_id: int) -> BaseResponse:
    """Make another segment with the same rule and open it; to be put right first, if need be."""
    try:
        with transaction():
            made = service.duplicate_segment(segment_id)
            address, name = f"{BASE}/{made.id}", made.name
    except Invalid:
        return redirect(f"{BASE}/{segment_id}/copy")
    flash(f"This is {shown(name)}.", "ok")
    return redirect(address)


@blueprint.route(f"{ONE}/delete", methods=["GET", "POST"])
@requires("segment.delete")
def delete_segment(segment_id: int) -> BaseResponse:
    """Ask, then delete a segment."""
    segment = get_segment(segment_id)
    if request.method == "GET":
        return _delete_page(segment)
    name, version = segment.name, forms.version_in(request.form.get("version", ""))
    try:
        with transaction():
            service.delete_segment(segment_id, expected_version=version)
    except (Conflict, StaleVersion) as problem:
        return _delete_page(get_segment(segment_id), problem.message)
    flash(f"{shown(name)} is deleted.", "ok")
    return redirect(BASE)


def _delete_page(segment: ProductSegment, problem: str = "") -> Response:
    page = pages.head_page(segment)
    return render(
        "segments/delete.html", status=409 if problem else 200, page=page, problem=problem
    )


def _answered(segment_id: int, *, renew_version: bool = False) -> BaseResponse:
    """The part of the page that changed: a line of the list, or the head of the segment's page."""
    if not is_htmx():
        return redirect(local_path(request.form.get("next", BASE)))
    segment = get_segment(segment_id)
    if "segment_head" not in request.headers.get("HX-Target", ""):
        return _row(segment)
    return _head(segment, renew_version=renew_version)


def _head(segment: ProductSegment, *, renew_version: bool = False) -> Response:
    # Where the head stands isn't said out of band: it is the answer itself.
    blocks = ("segment_head", "failure", "delete_form", *(("version",) if renew_version else ()))
    page = pages.head_page(segment)
    return render(PAGE, block=blocks, page=page, oob_rest=True, oob_version=renew_version)


def _row(segment: ProductSegment) -> Response:
    line, page = listing.row_page(segment)
    return render(LIST, block="row", line=line, page=page)
