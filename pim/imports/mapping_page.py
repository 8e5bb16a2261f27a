"""The wizard's second step as a page: where each column goes, and what becomes of the sample."""

from __future__ import annotations

from flask import Response, request

from pim.core.errors import Conflict, FieldError, Forbidden, Invalid
from pim.identity.access import can
from pim.imports import pages, service
from pim.imports.forms import (
    ABSENT_CHOICES,
    BLANK_CHOICES,
    ERROR_CHOICES,
    MODE_CHOICES,
    TYPE_CHOICES,
    MappingForm,
    form_as_sent,
    with_preview,
    with_problems,
)
from pim.imports.models import ImportJob
from pim.imports.preview import preview
from pim.imports.profile_pages import known_before
from pim.imports.step_forms import STEP_CHOICES
from pim.schema.queries import current_vocabulary
from pim.schema.types.currency import current_currencies
from pim.web.htmx import render


def form_sent(job: ImportJob) -> MappingForm:
    """The mapping as the form that came has it."""
    return form_as_sent(job, current_vocabulary(), request.form, may_add=can("schema.write"))


def mapping_page(
    job: ImportJob,
    form: MappingForm,
    *,
    block: str = "mapping",
    status: int = 200,
    reading_error: tuple[str, str] = ("", ""),
) -> Response:
    """The form with what becomes of the sample by it. block: the part of it that is renewed."""
    vocabulary = current_vocabulary()
    body, notations = form.body(vocabulary), service.notations_of(job)
    seen = preview(body, job.headers, job.sample_rows, vocabulary, notations)
    return render(
        "imports/map.html",
        block=block,
        status=status,
        job=job,
        form=with_preview(form, seen),
        steps_there_are=STEP_CHOICES,
        choices=pages.choices_of(form, vocabulary),
        types=TYPE_CHOICES,
        blank_choices=BLANK_CHOICES,
        error_choices=ERROR_CHOICES,
        mode_choices=MODE_CHOICES,
        absent_choices=ABSENT_CHOICES,
        currencies=current_currencies(),
        reading=pages.reading_of(job),
        reading_error=reading_error,
        may_run=can("import.run"),
        **known_before(job),
    )


def refused_page(
    job: ImportJob, form: MappingForm, problem: Invalid | Conflict | Forbidden
) -> Response:
    """The form with what stands against it."""
    errors = (
        problem.errors
        if isinstance(problem, Invalid)
        else [FieldError("", problem.code, problem.message)]
    )
    return mapping_page(job, with_problems(form, errors), status=422)
