"""What people fill in to change the vocabulary. Whether it is right, `fields` knows."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from babel.core import Locale
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField

from pim.schema.fields import MAX_DESCRIPTION, MAX_NAME, Field, Vocabulary
from pim.schema.types import FIELD_TYPES, Notation
from pim.schema.types.currency import current_currencies
from pim.web.forms import Form

TYPE_CHOICES = [(kind.name, f"{kind.label} ({kind.hint})") for kind in FIELD_TYPES.values()]
NOTATION_CHOICES = [
    ("", "As the values show it"),
    (".", "Point: 1,234.56"),
    (",", "Comma: 1.234,56"),
]
# The locales most catalogs are kept in; any other one can be set over the API.
LOCALES = (
    *("en_US", "en_GB", "en_CA", "en_AU", "en_IE", "en_IN", "de_DE", "de_AT", "de_CH", "fr_FR"),
    *("fr_BE", "fr_CA", "fr_CH", "it_IT", "it_CH", "es_ES", "es_MX", "pt_PT", "pt_BR", "nl_NL"),
    *("nl_BE", "da_DK", "sv_SE", "nb_NO", "fi_FI", "is_IS", "pl_PL", "cs_CZ", "sk_SK", "hu_HU"),
    *("ro_RO", "bg_BG", "hr_HR", "sl_SI", "sr_RS", "el_GR", "et_EE", "lv_LV", "lt_LT", "uk_UA"),
    *("ru_RU", "tr_TR", "he_IL", "ar_AE", "hi_IN", "th_TH", "vi_VN", "id_ID", "ja_JP", "ko_KR"),
    *("zh_CN", "zh_TW"),
)


@lru_cache(maxsize=1)
def _locale_names() -> dict[str, str]:
    english = Locale("en")
    found = {}
    for code in LOCALES:
        language, _, territory = code.partition("_")
        found[code] = f"{english.languages[language]} ({english.territories[territory]})"
    return dict(sorted(found.items(), key=lambda item: item[1]))


def locale_choices(present: str) -> list[tuple[str, str]]:
    """The locales to choose from, the present one among them whatever it is."""
    names = _locale_names()
    found = [(code, f"{name}, {code}") for code, name in names.items()]
    return found if present in names else [(present, present), *found]


def currency_choices(present: str) -> list[tuple[str, str]]:
    """The currencies to choose from, the present one among them."""
    names = Locale("en").currencies
    codes = current_currencies()
    found = [(code, f"{code}, {names.get(code, code)}") for code in codes]
    return found if present in codes else [(present, present), *found]


class FieldForm(Form):
    """One field of the vocabulary. confirmed: the effects that were shown, see `views`."""

    name = StringField("Name", render_kw={"maxlength": MAX_NAME})
    type = SelectField("Type", choices=TYPE_CHOICES, default="string")
    required = BooleanField("Required: a new product needs a value")
    description = StringField("Description", render_kw={"maxlength": MAX_DESCRIPTION})
    notation = SelectField("Decimal sign in the values", choices=NOTATION_CHOICES, default="")
    confirmed = HiddenField()

    @classmethod
    def of(cls, found: Field) -> FieldForm:
        """The form as it is opened."""
        return cls(
            None,
            name=found.name,
            type=found.type,
            required=found.required,
            description=found.description,
        )

    def definition(self) -> dict[str, Any]:
        """What was filled in, as a field's definition."""
        return {
            "name": self.name.data,
            "type": self.type.data,
            "required": self.required.data,
            "description": self.description.data or "",
        }

    def chosen_notation(self) -> Notation | None:
        """The decimal sign somebody chose."""
        return {".": ".", ",": ","}.get(self.notation.data or "")  # type: ignore[return-value]


class DefaultsForm(Form):
    """The currency and locale that stand in."""

    default_currency = SelectField(
        "Currency", description="Of prices that come without one. Prices there are keep theirs."
    )
    default_locale = SelectField(
        "Locale", description="How numbers and prices are written on these pages and in forms."
    )

    @classmethod
    def for_vocabulary(cls, vocabulary: Vocabulary) -> DefaultsForm:
        """The form as it was sent, or as it is opened."""
        form = cls.from_request(
            default_currency=vocabulary.default_currency,
            default_locale=vocabulary.default_locale,
        )
        form.default_currency.choices = currency_choices(vocabulary.default_currency)
        form.default_locale.choices = locale_choices(vocabulary.default_locale)
        return form


class DeleteForm(Form):
    """What becomes of a deleted field's values."""

    values = RadioField(
        "Its values",
        choices=[
            ("keep", "Keep them with the products, as values without a field"),
            ("remove", "Remove them; each product's history keeps them"),
        ],
        default="keep",
    )
