"""Takes a header apart: its words, and what hangs on them (locale, currency, unit, number)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pim.imports.heuristics.lexicon import CONCEPTS
from pim.imports.heuristics.modifiers import MODIFIERS, MORE_NOUNS
from pim.imports.heuristics.wordsets import (
    ABBREVIATIONS,
    COUNT_WORDS,
    FILLERS,
    LANGUAGE_NAMES,
    LANGUAGES,
    NEUTRAL_PARENTS,
    NOT_OF_THE_PRODUCT,
    NUMBER_WORDS,
    OTHER_AMOUNTS,
    SERVICE_WORDS,
    SHY_LANGUAGES,
    SYLLABLES,
    UNITS,
)
from pim.schema.types.currency import CURRENCIES, SYMBOLS

_BRACKETS = re.compile(r"[(\[{<]([^)\]}>]*)[)\]}>]")
_LOCALE = re.compile(r"(?<=[-_. (\[/])([a-z]{2})[_-]([A-Z]{2})(?=$|[-_. )\]/])")
_SEGMENTS = re.compile(
    r"\s*(?:\.(?=@?[^\W\d])|>|/(?=\s*@?(?:id\b|[^\W\d_]{3}|[^\x00-\x7f]))|:(?=\s|\w))\s*"
)
# `(0/1)`, `[J/N]`: the two answers.
_EITHER = re.compile(
    r"[(\[]\s*(?:[01]|[a-z]{1,4})\s*/\s*(?:[01]|n[a-z]{0,3})\s*[)\]]", re.IGNORECASE
)
# `m2` is a unit, and no word with a number.
_SQUARE = re.compile(r"(?<![^\W_])[cdm]?m([23²³])(?![^\W_])", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Þ])|(?<=[A-ZÀ-Þ])(?=[A-ZÀ-Þ](?!s\b)[a-zà-ÿ])")
_WORD = re.compile(r"[^\W\d_]+|\d+", re.UNICODE)
_SIGNS = {"№": " nr ", "n°": " nr ", "nº": " nr "}
_MONEY_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "₽": "RUB", "₴": "UAH", "₺": "TRY"}
_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d", "ı": "i", "þ": "th", "ð": "d"}
)
# What money is called, where it is a word: `руб`, `kč`; not what is a unit or a language too.
_MONEY_WORDS = {
    word.translate(_LETTERS): code
    for word, code in {**SYMBOLS, "kc": "CZK", "zl": "PLN", "try": "TRY"}.items()
    if word.isalpha() and len(word) > 1 and word not in UNITS and word not in LANGUAGES
}
_MONEY_WORDS |= {"元": "CNY", "円": "JPY", "원": "KRW"}
# East Asian punctuation, as the plain one it stands for.
_WIDE = str.maketrans("（）［］【】：／＃＊？＿－", "()[][]:/#*?_-")
_ARABIC_THE = "\u0627\u0644"
# Characters of Taiwan and Japan, as the simplified ones the lexicon has.
_PLAIN_HAN = str.maketrans(
    "貨號編碼產産稱說説標題圖網價価單単庫狀態長寬顏類別簡詳優進幣質連結廠關鍵條稅個數點間總開啟頁売販製値紹課況無淨籤門掲",
    "货号编码产产称说说标题图网价价单单库状态长宽颜类别简详优进币质连结厂关键条税个数点间总开启页卖贩制值绍课况无净签门揭",
)
# `P.V.P.`, `U.M.`, `Q.tà`: letters with points are one word.
_POINTED = re.compile(r"(?<![^\W_])([^\W\d_])\.(?=[^\W\d_]{1,2}(?:\W|$))")
_BOLD_LANGUAGES = LANGUAGES - SHY_LANGUAGES - {"en", "es", "fi", "tr", "hr", "nb", "nn", "sr"}
_JOINED_BY_S = ("ung", "heit", "keit", "schaft", "tion", "tat")
_NOISE = {"html", "x", "y", "z", "0", "1", "text", "txt"}


@dataclass(frozen=True, slots=True)
class Header:
    """A header, understood.

    words: folded, in order, qualifiers taken off. parents: words of the segments before the last
    one. number: the one in `image1_src`. question: the header asks something. aside: those of the
    words that stood in brackets.
    """

    text: str
    words: tuple[str, ...]
    parents: tuple[str, ...] = ()
    locale: str | None = None
    channel: str | None = None
    currency: str | None = None
    unit: str | None = None
    number: int | None = None
    question: bool = False
    aside: tuple[str, ...] = ()

    @property
    def phrase(self) -> str:
        """The words as the lexicon has them."""
        return " ".join(self.words)


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Lower case, without accents."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    plain = "".join(c for c in text if not unicodedata.combining(c))
    # Korean syllables fell apart, too.
    return unicodedata.normalize("NFC", plain).translate(_LETTERS).translate(_PLAIN_HAN)


@lru_cache(maxsize=4096)
def slug(text: str) -> str:
    """A text for comparing names: `Stock Qty`, `stock_qty` and `stockQty` are the same."""
    return "_".join(re.findall(r"[^\W_]+", fold(_CAMEL.sub(" ", text))))


@lru_cache(maxsize=4096)
def read_header(text: str) -> Header:
    """Understand one header."""
    if text.islower() and text.replace(" ", "").isalpha():
        return _read_words(text)
    rest, locale, channel = _take_locale(_plain(text))
    question = rest.rstrip(" *)").endswith("?") or _EITHER.search(rest) is not None
    rest, signed = _take_signs(rest)
    rest, bracket_words = _take_brackets(rest)
    for sign, word in _SIGNS.items():
        rest = rest.replace(sign, word)
    segments = [part for part in _SEGMENTS.split(rest) if part.strip()] or [""]
    segments, nested_language, nested_currency = _take_nested_qualifier(segments)
    words = _words(segments[-1])
    parents = tuple(word for part in segments[:-1] for word in _words(part))
    if words == ["nr"]:  # `Lev.art.nr`
        words, parents = [*parents, "nr"], ()
    words, language, currency, unit = _take_qualifiers(words, rest)
    aside = _take_asides(bracket_words)
    words = [*words, *aside.words]
    numbers = [int(word) for word in words if word.isdigit() and len(word) < 3]
    return Header(
        text=text,
        words=tuple(word for word in words if not word.isdigit() or len(word) >= 3),
        parents=parents,
        locale=locale or language or aside.language or nested_language,
        channel=channel,
        currency=currency or signed or aside.currency or nested_currency,
        unit=unit or aside.unit,
        number=numbers[0] if numbers else None,
        question=question,
        aside=tuple(aside.words),
    )


def _read_words(text: str) -> Header:
    """A header of nothing but small letters, as all of the lexicon: there is less to look for."""
    words, language, currency, unit = _take_qualifiers(_words(text), text)
    return Header(text, tuple(words), locale=language, currency=currency, unit=unit)


def _take_signs(text: str) -> tuple[str, str | None]:
    """`Preis €` is in euros, `Part #` is a number."""
    signed = next((code for sign, code in _MONEY_SIGNS.items() if sign in text), None)
    for sign in _MONEY_SIGNS:
        text = text.replace(sign, " ")
    if text.rstrip(" )").endswith("#"):
        text = text.replace("#", " nr ")
    return text, signed


@dataclass(slots=True)
class _Aside:
    """What stood in brackets."""

    words: list[str]
    currency: str | None = None
    unit: str | None = None
    language: str | None = None


def _take_asides(bracket_words: Sequence[str]) -> _Aside:
    found = _Aside([])
    for word in bracket_words:
        if word.upper() in CURRENCIES or word in _MONEY_WORDS:
            found.currency = found.currency or _MONEY_WORDS.get(word, word.upper())
        elif word in UNITS and word != "a":
            found.unit = found.unit or word
        elif word in LANGUAGES:
            found.language = found.language or word
        elif word not in _NOISE and (len(word) > 1 or word > "z"):
            found.words.append(word)
    return found


def _plain(text: str) -> str:
    """The text with plain punctuation, abbreviations and units in one piece."""
    text = _POINTED.sub(r"\1", text.translate(_WIDE))
    return _SQUARE.sub(lambda found: "qm" if found[1] in "2²" else "cbm", text)


def _take_locale(text: str) -> tuple[str, str | None, str | None]:
    """Split `description-en_US-print` into its name, locale and channel."""
    match = _LOCALE.search(text)
    if not match:
        return text, None, None
    before, after = text[: match.start()], text[match.end() :]
    if after[:1] in (".", "/") and before[-1:] in (".", "/"):
        return before[:-1] + after, f"{match[1]}_{match[2]}", None  # `texts.en_US.name`
    channel = after.strip("-_. )]/") or None
    return before.rstrip("-_. ([/"), f"{match[1]}_{match[2]}", channel


def _take_nested_qualifier(segments: list[str]) -> tuple[list[str], str | None, str | None]:
    """`name.de` is a name, `price.EUR` a price: split off what is no name of its own."""
    last = segments[-1].strip()
    between = [part for part in segments[1:-1] if part.strip() in LANGUAGES]
    if between and _words(segments[0]) and NEUTRAL_PARENTS.issuperset(_words(segments[0])):
        rest = [part for part in segments if part not in between]
        return rest, between[0].strip(), None
    if len(segments) > 1 and last.lower() in LANGUAGES:
        return segments[:-1], last.lower(), None
    if len(segments) > 1 and last.upper() in CURRENCIES and _is_currency(last, last.lower()):
        return segments[:-1], None, last.upper()
    if len(segments) > 1 and last.isupper() and last in CURRENCIES:
        return segments[:-1], None, last
    return segments, None, None


def _take_brackets(text: str) -> tuple[str, list[str]]:
    inner = " ".join(_BRACKETS.findall(text))
    for sign, word in _SIGNS.items():
        inner = inner.replace(sign, word)
    without = _BRACKETS.sub(" ", text)
    if not _WORD.search(without):
        return text, []
    return without, [] if inner == "s" else _words(inner)


def _take_qualifiers(
    words: list[str], text: str
) -> tuple[list[str], str | None, str | None, str | None]:
    """Take trailing language, currency and unit off, as long as a word is left."""
    language = currency = unit = None
    while len(words) > 1:
        last = LANGUAGE_NAMES.get(words[-1], words[-1])
        if last in LANGUAGES and language is None and _is_language(last, text):
            language = last
        elif last.upper() in CURRENCIES and currency is None and _is_currency(last, text):
            currency = last.upper()
        elif last in UNITS and unit is None and last != "a":
            unit = last
            words = words[:-1] if len(words) > 2 and words[-2] in ("in", "en", "em") else words
        elif last in _MONEY_WORDS and currency is None:
            currency = _MONEY_WORDS[last]
        else:
            break
        words = words[:-1]
    if language is None and len(words) > 1 and words[0] in LANGUAGES and _leads(words[0], text):
        words, language = words[1:], words[0]
    if len(words) > 1 and words[0].upper() in CURRENCIES and _is_currency(words[0], text):
        return words[1:], language, currency or words[0].upper(), unit
    return words, language, currency, unit


def _is_language(word: str, text: str) -> bool:
    if word in SHY_LANGUAGES:
        return re.search(rf"[-_.]{word}$", text, re.IGNORECASE) is not None
    return True


def _leads(word: str, text: str) -> bool:
    """`NL_Title`, `de_name`: a language before a name, but not `en_stock`, `NO_ART`, `it_is`."""
    if not re.match(rf"{word}[-_]", text, re.IGNORECASE):
        return False
    return (text[:2].isupper() and not text.isupper()) or word in _BOLD_LANGUAGES


def _is_currency(word: str, text: str) -> bool:
    """Three letters may be any word: a currency is in capitals, or one of the great ones."""
    return word.upper() in text or word in ("eur", "usd", "gbp", "chf", "pln", "czk", "sek")


def _words(text: str) -> list[str]:
    """Folded words; glued ones (`productname`, `Artikelnummer`) are taken apart."""
    found: list[str] = []
    for part in _parts(text):
        word = fold(part)
        if word.startswith(_ARABIC_THE) and len(word) > 4:
            word = word[len(_ARABIC_THE) :]
        pieces = _unglue(word)
        for piece in pieces:
            cut = SYLLABLES.get(piece, piece) if len(pieces) > 1 else piece
            found += _whole(cut).split()
    return found


def _whole(piece: str) -> str:
    """The word an abbreviation stands for."""
    return "nr" if piece in NUMBER_WORDS else ABBREVIATIONS.get(piece, piece)


def _parts(text: str) -> list[str]:
    """Words as they stand; `ItemNo` is two, `MwSt` is one, as it is known."""
    if text.isupper() or text.islower():
        return _WORD.findall(text)
    found: list[str] = []
    for part in _WORD.findall(text):
        pieces = _WORD.findall(_CAMEL.sub(" ", part))
        known = _known_words()
        whole = fold(part) in known and not all(fold(piece) in known for piece in pieces)
        found += [part] if whole else pieces
    return found


def in_ideographs(word: str) -> bool:
    """Chinese, Japanese and Korean write words without anything between them."""
    return any("\u3040" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7af" for char in word)


@lru_cache(maxsize=4096)
def _unglue(word: str) -> tuple[str, ...]:
    """Known words that together make up this one, or the word itself."""
    dense = in_ideographs(word)
    known = word in _known_words() or (word[-1:] == "s" and word[:-1] in _known_words())
    if known or (len(word) < 6 and not dense) or word.isdigit():
        return (word,)
    if dense:
        return _in_pieces(word)
    best: dict[int, tuple[str, ...]] = {0: ()}
    for end in range(1, len(word) + 1):
        for start in range(end):
            piece = word[start:end]
            long_enough = len(piece) > 2 or piece in ("nr", "id", "no", "ek", "vk")
            if start in best and long_enough and piece in _known_words():
                pieces = (*best[start], piece)
                if end not in best or len(pieces) < len(best[end]):
                    best[end] = pieces
    return best.get(len(word), (word,))


def _in_pieces(word: str) -> tuple[str, ...]:
    """A word without gaps as known pieces, and what is left between them as it stands."""
    best: list[tuple[int, tuple[str, ...], str]] = [(0, (), "")]
    for end in range(1, len(word) + 1):
        cost, pieces, left = best[end - 1]
        ways = [(cost + 10, pieces, left + word[end - 1])]
        for start in range(end):
            piece = word[start:end]
            if piece in _known_words() and not (piece.isascii() and len(piece) < 3):
                cost, pieces, left = best[start]
                before = (*pieces, left) if left else pieces
                ways.append((cost + 1 + bool(left), (*before, piece), ""))
        best.append(min(ways, key=lambda way: way[0]))
    _, pieces, left = best[-1]
    return (*pieces, left) if left else pieces


@lru_cache(maxsize=1)
def _known_words() -> frozenset[str]:
    words = {"group", "list", "date", "type", "min", "max"}
    words.update(FILLERS, ABBREVIATIONS, SYLLABLES, NUMBER_WORDS, NEUTRAL_PARENTS)
    for others in (COUNT_WORDS, SERVICE_WORDS, NOT_OF_THE_PRODUCT, OTHER_AMOUNTS):
        words.update(word for word in others if len(word) > 3)
    for phrases in CONCEPTS.values():
        words.update(fold(phrases).replace("|", " ").replace("~", " ").split())
    for phrases in (*MODIFIERS.values(), *MORE_NOUNS.values()):
        words.update(word for word in fold(phrases).split() if len(word) > 3 or not word.isascii())
    # German joins with an s: `Beschreibungstext`.
    words.update([f"{word}s" for word in words if word.endswith(_JOINED_BY_S)])
    return frozenset(word for word in words if word.isalpha())
