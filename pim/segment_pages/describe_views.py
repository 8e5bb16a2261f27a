"""A rule described in words: Claude suggests one, the builder shows it, nothing is saved."""

from __future__ import annotations

from flask import Response, request

from pim.core.claude import ai_settings
from pim.core.errors import Invalid
from pim.identity.access import requires
from pim.segment_pages import forms
from pim.segment_pages.builder import packed, read_sent
from pim.segment_pages.editor import editor, rule_of, tenant_now
from pim.segment_pages.pages import Suggestion, form_page
from pim.segment_pages.views import NEW, ONE, PAGE, around, blueprint
from pim.segments.describe import Described, describe
from pim.segments.queries import get_segment
from pim.web.htmx import render, wants_block


@blueprint.post(f"{NEW}/describe")
@requires("segment.write")
def describe_new() -> Response:
    """A suggestion for a new segment."""
    return _suggested(None)


@blueprint.post(f"{ONE}/describe")
@requires("segment.write")
def describe_rule(segment_id: int) -> Response:
    """A suggestion for the rule of a segment."""
    get_segment(segment_id)
    return _suggested(segment_id)


def _suggested(own_id: int | None) -> Response:
    said = request.form.get("words", "")
    # Claude is asked first: it takes seconds, in which no transaction is to be open.
    try:
        found = describe(said, ai_settings(), own_id=own_id)
    except Invalid as invalid:
        found = Described("not_understood", why=invalid.message)
    tenant, form = tenant_now(own_id), read_sent(request.form)
    suggestion = Suggestion(why=found.why or "")
    if found.definition is not None:
        begun = any(each.about for each in form.conditions())
        suggestion = Suggestion(before=packed(form) if begun else "")
        form = rule_of(found.definition, tenant)
    settings = forms.settings_sent(request.form)
    partly = wants_block()
    made = editor(form, settings, tenant, own_id=own_id, count=not partly)
    segment = get_segment(own_id) if own_id else None
    more = {"suggestion": suggestion, "described": said, "recount": partly, "changed": True}
    return render(PAGE, block="rule", page=around(segment, form_page(segment, made, **more)))
