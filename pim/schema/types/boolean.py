"""Yes or no, in the words people use for it in the languages of Europe.

The words are compared without case and accents of the language are kept: `Sí` and `si` are both
known. Words for being in stock or available are not here: they say more than yes.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from pim.schema.types.base import (
    CoerceContext,
    CoercionError,
    FieldType,
    Notation,
    caching,
    is_finite,
    kind_of,
    shown,
    trim,
)

TRUE_WORDS = (
    "1 1.0 1,0 true t yes y on x ✓ ✔ ☑ ✅ enabled enable active checked"  # general, English
    " ja j wahr richtig aktiv aktiviert an ein"  # German
    " oui o vrai actif active activé"  # French
    " sí si s verdadero cierto activo activado"  # Spanish; S as in ERP files
    " sì vero attivo attivato"  # Italian
    " sim verdadeiro ativo"  # Portuguese
    " waar actief aan ingeschakeld"  # Dutch
    " tak prawda aktywny włączony"  # Polish
    " ano áno pravda aktivní aktívny zapnuto"  # Czech, Slovak
    " sant sand på"  # Danish, Norwegian, Swedish
    " kyllä tosi"  # Finnish
    " igen igaz aktív"  # Hungarian
    " da adevărat activ"  # Romanian, Croatian, Serbian, Slovenian
    " jah jā taip evet doğru aktif"  # Estonian, Latvian, Lithuanian, Turkish
    " да истина так ναι αληθές"  # Russian, Bulgarian, Ukrainian, Greek
    " نعم כן はい 是 예 네"  # Arabic, Hebrew, Japanese, Chinese, Korean
    " ya có"  # Indonesian, Vietnamese
)
FALSE_WORDS = (
    "0 0.0 0,0 false f no n off - – — ✗ ✘ ☐ ❌ disabled disable inactive unchecked"
    " nein falsch inaktiv deaktiviert aus"
    " non faux inactif inactive désactivé"
    " falso inactivo desactivado"
    " inattivo disattivato"
    " não nao inativo"
    " nee onwaar inactief uit uitgeschakeld"
    " nie fałsz nieaktywny wyłączony"
    " ne nepravda neaktivní neaktívny vypnuto"
    " nej nei falsk falskt av"
    " ei epätosi"
    " nem hamis inaktív"
    " nu fals inactiv neaktivan"
    " nē hayır yanlış pasif"
    "  нет не ложь ні όχι ψευδές"
    " لا לא いいえ 否 아니오"
    " tidak không"
)


def _key(word: str) -> str:
    """The word as it is compared; Turkish capitals lose or gain a dot when they become small."""
    word = word.casefold()
    if word.isascii():
        return word
    return normalize("NFC", word.replace("i\u0307", "i")).replace("ı", "i")


_MEANING: dict[str, bool] = {
    **dict.fromkeys(map(_key, TRUE_WORDS.split()), True),
    **dict.fromkeys(map(_key, FALSE_WORDS.split()), False),
}


def coerce_text(text: str) -> bool:
    """Read yes or no from a word."""
    found = _MEANING.get(_key(trim(text)))
    if found is None:
        raise CoercionError(
            "not_a_boolean", f"{shown(text)} is neither yes nor no. Write yes or no."
        )
    return found


def coerce(value: Any, ctx: CoerceContext) -> bool:
    """Read yes or no from a word, a JSON boolean, 1 or 0."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return coerce_text(value)
    if isinstance(value, (int, float, Decimal)) and is_finite(value) and value in (0, 1):
        return bool(value)
    raise CoercionError(
        "not_a_boolean", f"{shown(value)} is {kind_of(value)}, not yes or no. Send true or false."
    )


def coercer(ctx: CoerceContext) -> Callable[[str], bool]:
    """A reader for the texts of one column."""
    return caching(coerce_text, size=1024)


def display(value: Any, locale: str) -> str:
    """Yes or No."""
    if value is True or value is False:
        return "Yes" if value else "No"
    return str(value)


def to_input(value: Any, notation: Notation | None) -> str:
    """`yes` or `no`."""
    return "yes" if value else "no"


TYPE = FieldType(
    name="boolean",
    label="Yes / no",
    hint="yes or no",
    coerce=coerce,
    coercer=coercer,
    display=display,
    to_input=to_input,
)
