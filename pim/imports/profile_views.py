"""Saved mappings at /pim/import/profiles: the list, one to change, and using one for a file."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from pim.core.db import transaction
from pim.core.errors import FieldError, Invalid, StaleVersion
from pim.identity.access import can, requires
from pim.imports import examining, profile_pages, profiles, queries, service
from pim.imports.forms import ABSENT_CHOICES, BLANK_CHOICES, ERROR_CHOICES, MODE_CHOICES
from pim.imports.models import MappingProfile
from pim.imports.profile_pages import DIALECT_LABELS, ProfileForm
from pim.imports.profile_rules import parse_draft
from pim.imports.readers.base import FileProblem
from pim.imports.sniff import parse_overrides
from pim.imports.step_forms import STEP_CHOICES
from pim.schema.queries import current_vocabulary
from pim.schema.types import shown
from pim.web.htmx import redirect, render
from pim.web.pagination import decode_cursor, encode_cursor

blueprint = Blueprint("import_profiles", __name__)

PAGE = "/pim/import/profiles"
ONE = f"{PAGE}/<int:profile_id>"
AS_SAID = ("", "As chosen at the import")
OPTION_CHOICES = [
    ("blank", "A blank cell", [AS_SAID, *BLANK_CHOICES]),
    ("on_error", "A value that can't be read", [AS_SAID, *ERROR_CHOICES]),
    ("mode", "Rows are for", [AS_SAID, *MODE_CHOICES]),
    ("absent", "Products not in the file", [AS_SAID, *ABSENT_CHOICES]),
]
LIST, A_PAGE = "import-profiles:page", 50


@blueprint.get(PAGE)
@requires("import.read")
def list_profiles() -> Response:
    """Every saved mapping, by name."""
    cursor = request.args.get("after")
    after = str(decode_cursor(LIST, cursor)[0]) if cursor else None
    found = list(profiles.list_profiles(limit=A_PAGE + 1, after=after))
    page = found[:A_PAGE]
    more = encode_cursor(LIST, [page[-1][1]]) if len(found) > A_PAGE else ""
    return render(
        "imports/profiles.html",
        block="profiles",
        lines=profile_pages.profile_lines([profile for profile, _ in page]),
        next_href=f"{PAGE}?after={more}" if more else "",
        first_page=after is None,
    )


@blueprint.route(ONE, methods=["GET", "POST"])
@requires("import.read", unsafe="import.run")
def edit_profile(profile_id: int) -> Response:
    """One saved mapping: its name, where each column goes, its options."""
    profile, vocabulary = profiles.get_profile(profile_id), current_vocabulary()
    if request.method == "GET":
        return _form_page(profile, profile_pages.form_of(profile, vocabulary))
    form = profile_pages.form_sent(profile, vocabulary, request.form)
    try:
        with transaction():
            draft = parse_draft(form.body(profile), vocabulary)
            profiles.change_profile(profile_id, draft, expected_version=form.version)
    except Invalid as invalid:
        return _form_page(profile, profile_pages.with_errors(form, invalid.errors), 422)
    except StaleVersion as stale:
        errors = [FieldError("", stale.code, stale.message)]
        return _form_page(profile, profile_pages.with_errors(form, errors), 409)
    flash(f"{shown(draft.name)} is saved.", "ok")
    return redirect(PAGE)


@blueprint.post(f"{ONE}/form")
@requires("import.run")
def change_form(profile_id: int) -> Response:
    """The form as it stands after a button of a column's steps; nothing is saved."""
    profile = profiles.get_profile(profile_id)
    form = profile_pages.form_sent(profile, current_vocabulary(), request.form)
    return _form_page(profile, profile_pages.after_button(form, request.form))


@blueprint.route(f"{ONE}/delete", methods=["GET", "POST"])
@requires("import.run")
def delete_profile(profile_id: int) -> Response:
    """Ask, then remove a saved mapping."""
    profile = profiles.get_profile(profile_id)
    if request.method == "GET":
        may_delete = profiles.may_delete(profile)
        return render("imports/profile_delete.html", profile=profile, may_delete=may_delete)
    with transaction():
        profiles.delete_profile(profile_id)
    flash(f"{shown(profile.name)} is deleted.", "ok")
    return redirect(PAGE)


@blueprint.post("/pim/import/<int:import_id>/profile")
@requires("import.run")
def use_profile(import_id: int) -> Response:
    """Suggest the columns of a file from a saved mapping, or from memory when none is chosen."""
    with transaction():
        stored, filename = service.stored_file(import_id)
        vocabulary = current_vocabulary()
        name = _chosen_name(request.form.get("profile", ""))
        corrections = _corrections(import_id, name)
    try:
        overrides = parse_overrides(corrections)
    except FileProblem as problem:
        raise examining.as_invalid(problem) from problem
    examined = examining.examine(stored, filename, vocabulary, overrides, name)
    with transaction():
        service.redetect(import_id, examined, corrections)
    if name:
        flash(f"The columns go as in {shown(name)}.", "ok")
    return redirect(f"/pim/import/{import_id}")


def _chosen_name(chosen: str) -> str:
    if not chosen:
        return ""
    if not (chosen.isascii() and chosen.isdecimal() and len(chosen) < 19):
        raise Invalid([FieldError("/profile", "unknown_profile", "Choose one of the list.")])
    return profiles.get_profile(int(chosen)).name


def _corrections(import_id: int, name: str) -> dict[str, str]:
    before: dict[str, Any] = queries.get_import(import_id).suggestions.get("corrections", {})
    return profiles.corrections_with(name, before)


def _form_page(profile: MappingProfile, form: ProfileForm, status: int = 200) -> Response:
    vocabulary = current_vocabulary()
    (line,) = profile_pages.profile_lines([profile])
    return render(
        "imports/profile.html",
        block="editor",
        status=status,
        profile=profile,
        line=line,
        form=form,
        choices=[profile_pages.target_choices(vocabulary, row) for row in form.rows],
        dialect_labels=DIALECT_LABELS,
        option_choices=OPTION_CHOICES,
        steps_there_are=STEP_CHOICES,
        may_run=can("import.run"),
        may_delete=profiles.may_delete(profile),
    )
