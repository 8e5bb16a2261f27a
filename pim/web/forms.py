"""The base of every WTForms form: its token is ours, its errors have one shape."""

from __future__ import annotations

from typing import Any, Self

from flask import request
from wtforms import Form as PlainForm
from wtforms.csrf.core import CSRF, CSRFTokenField
from wtforms.form import BaseForm

from pim.core.errors import FieldError, Invalid
from pim.web import csrf as tokens


class _OurToken(CSRF):
    """Puts our token into the form. `pim.identity.access` has checked it before the view ran."""

    def generate_csrf_token(self, csrf_token_field: CSRFTokenField) -> str:
        return tokens.token()

    def validate_csrf_token(self, form: BaseForm, field: CSRFTokenField) -> None:
        return None


class Form(PlainForm):
    """A form of this site.

    form = AddPersonForm.from_request()
    if request.method == "POST" and form.validate(): …
    return render("….html", form=form, status=422 if form.errors else 200)
    """

    class Meta:
        csrf = True
        csrf_class = _OurToken
        csrf_field_name = tokens.FIELD

    @classmethod
    def from_request(cls, **defaults: Any) -> Self:
        """The form as it was sent, or with its defaults when nothing was."""
        return cls(request.form if request.method == "POST" else None, **defaults)

    def take_errors(self, error: Invalid) -> None:
        """Show what a service found wrong beside the fields it names, the rest above the form."""
        for problem in error.errors:
            name = problem.path.removeprefix("/")
            if name in self:
                field = self[name]
                field.errors = [*field.errors, problem.message]
            else:
                self.form_errors.append(problem.message)

    def problems(self) -> list[FieldError]:
        """What is wrong, as the rest of the product says it."""
        return [FieldError(name, "invalid", message) for name, message in self.summary()]

    def summary(self) -> list[tuple[str, str]]:
        """(id of the field, message) for each problem, for `ui.error_summary`."""
        found = [(field.id, str(message)) for field in self for message in field.errors]
        return [("", str(message)) for message in self.form_errors] + found
