"""What people fill in to sign in and to settle who else may."""

from __future__ import annotations

from datetime import datetime, timedelta

from wtforms import EmailField, HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from pim.core.clock import now
from pim.identity.passwords import LONGEST, SHORTEST
from pim.identity.permissions import ROLE_MEANS, ROLES, Role
from pim.identity.service import EMAIL_LONGEST, NAME_LONGEST
from pim.web.forms import Form

ROLE_CHOICES = [(role.value, f"{role.value.capitalize()}: {ROLE_MEANS[role]}") for role in ROLES]
LIFETIMES = [("30", "30 days"), ("90", "90 days"), ("365", "1 year"), ("", "Never expires")]


class SignInForm(Form):
    email = EmailField(
        "E-mail", [InputRequired("Enter your e-mail address."), Length(max=EMAIL_LONGEST)]
    )
    password = PasswordField(
        "Password", [InputRequired("Enter your password."), Length(max=LONGEST)]
    )
    next = HiddenField()


class AddPersonForm(Form):
    email = EmailField(
        "E-mail", [InputRequired("Enter an e-mail address."), Length(max=EMAIL_LONGEST)]
    )
    name = StringField("Name", [Length(max=NAME_LONGEST)])
    role = SelectField("Role", choices=ROLE_CHOICES, default=Role.EDITOR.value)


class RoleForm(Form):
    role = SelectField("Role", choices=ROLE_CHOICES)


class ApiKeyForm(Form):
    name = StringField(
        "Name",
        [
            InputRequired("Give the key a name to know it by."),
            Length(max=NAME_LONGEST),
        ],
        description="What it is for, for example “Shop sync”.",
    )
    role = SelectField("Role", choices=ROLE_CHOICES, default=Role.EDITOR.value)
    lifetime = SelectField("Expires after", choices=LIFETIMES, default="365")

    def expires_at(self) -> datetime | None:
        """The moment the key stops working, None for never."""
        days = self.lifetime.data
        return now() + timedelta(days=int(days)) if days else None


class PasswordForm(Form):
    current_password = PasswordField(
        "Present password", [InputRequired("Enter your present password."), Length(max=LONGEST)]
    )
    new_password = PasswordField(
        "New password",
        [InputRequired("Enter a new password."), Length(min=SHORTEST, max=LONGEST)],
        description=f"At least {SHORTEST} characters. A few words are better than one with tricks.",
    )
