"""A rule described in words: Claude suggests one, the builder shows it, nothing is saved."""

from __future__ import annotations

import json

from flask import Response, request

from pim.core.claude import ai_settings
from pim.core.errors import Invalid
from pim.identity.access import requires
from pim.segment_pages import forms
from pim.segment_pages.builder import RuleForm, read_sent
from pim.segment_pages.editor import Tenant, editor, rule_of, tenant_now
from pim.segment_pages.pages import Suggestion, form_page
from pim.segment_pages.views import NEW, ONE, PAGE, around, blueprint
from pim.segment_pages.writing import write
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
        found = describe(said, ai_settings())
    except Invalid as invalid:
        found = Described("not_understood", why=invalid.message)
    tenant, form = tenant_now(own_id), read_sent(request.form)
    suggestion = Suggestion(why=found.why or "")
    if found.definition is not None:
        suggestion = Suggestion(before=_kept(form, tenant))
        form = rule_of(found.definition, tenant)
    settings = forms.settings_sent(request.form)
    partly = wants_block()
    made = editor(form, settings, tenant, own_id=own_id, count=not partly)
    segment = get_segment(own_id) if own_id else None
    more = {"suggestion": suggestion, "described": said, "recount": partly, "changed": True}
    return render(PAGE, block="rule", page=around(segment, form_page(segment, made, **more)))


def _kept(form: RuleForm, tenant: Tenant) -> str:
    """The rule that stood there, to be brought back; nothing of one that wasn't begun."""
    written = write(form, tenant.known.properties, tenant.people)
    begun = any(each.about for each in form.conditions())
    return json.dumps(written.definition, ensure_ascii=False) if begun else ""
