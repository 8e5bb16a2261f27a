"""Finds out how a file's bytes spell letters, and says why.

UTF-8 proves itself: the whole file is tried, strictly. For the rest the evidence is thin, so the
question is narrowed. In alphabets of their own (Cyrillic, Greek, kana …) nearly every letter is
beyond ASCII, and charset-normalizer tells those apart well. In Latin alphabets only a few letters
are, and there it guesses; so we decode with each likely encoding and ask in which one the letters
beyond ASCII sit inside words and belong to one language. windows-1252 wins a tie.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import BinaryIO

from charset_normalizer import from_bytes

from pim.imports.readers.base import FileProblem, Source

_BLOCK = 1 << 20
_SAMPLE = 1 << 18
_FEW_BYTES = 8  # fewer than these say nothing about the script: a Finnish word has `ää`
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
# In order of how often product files come in them.
_LATIN = (
    "windows-1252",
    "windows-1250",
    "windows-1254",
    "iso-8859-2",
    "windows-1257",
    "macintosh",
    "ibm850",
    "ibm852",
    "iso-8859-15",
)
_OTHER_SCRIPTS = {
    "cp1251": "windows-1251",
    "koi8_r": "koi8-r",
    "cp866": "ibm866",
    "cp1125": "ibm866",
    "iso8859_5": "iso-8859-5",
    "cp1253": "windows-1253",
    "cp1255": "windows-1255",
    "cp1256": "windows-1256",
    "cp932": "cp932",
    "euc_jp": "euc-jp",
    "gb18030": "gb18030",
    "big5": "big5",
    "cp949": "uhc",
}
# Python's own ways of writing text; no file is in them, and their errors are of other kinds.
_NOT_FOR_FILES = ("idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "utf-7")
_LETTERS = {
    "German": "äöüß",
    "French": "àâæçéèêëîïôœùûüÿ",
    "Spanish": "áéíñóúü",
    "Portuguese": "áàâãçéêíóôõúü",
    "Italian": "àèéìíîòóùú",
    "Dutch": "éëïóöüèáí",
    "Swedish or Finnish": "åäöé",
    "Danish or Norwegian": "æøåéöä",
    "Icelandic": "áðéíóúýþæö",
    "Polish": "ąćęłńóśźż",
    "Czech or Slovak": "áčďéěíĺľňóôŕřšťúůýžä",
    "Hungarian": "áéíóöőúüű",
    "Romanian": "ăâîșşțţ",
    "Croatian or Slovenian": "čćđšž",
    "Turkish": "çğıöşüâîİ",
    "Baltic": "āčēģīķļņšūžąęėįųõäöü",
}
_ALPHABETS = {name: set(letters + letters.upper()) for name, letters in _LETTERS.items()}
_SYMBOLS = set("€£¥¢§°²³¹½¼¾™®©–—‘’“”„‚…•·×÷±µ«»‹›¿¡ªº†‡‰ß\u00a0\u00ad")
_HIGH_LINES = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding Python can read with, why it was chosen, and what to beware of."""

    name: str
    reason: str
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class _Scan:
    """What trying the whole file as UTF-8 brought to light."""

    beyond_ascii: int = 0
    bad: int = 0
    first_bad: int = 0

    @property
    def hopeless(self) -> bool:
        return self.bad > 50 and self.beyond_ascii < 20 * self.bad


def file_encoding(source: Source, wanted: str | None) -> Encoding:
    """The encoding a person asked for, or the one that is found."""
    with source.open() as file:
        if wanted:
            return Encoding(known_encoding(wanted, file), "Chosen by you.")
        return detect_encoding(file)


def known_encoding(name: str, file: BinaryIO) -> str:
    """The encoding a person asked for, as Python reads it; raises FileProblem for unknown ones.

    A byte-order mark at the start is honoured, or it would hide the first column's name.
    """
    try:
        wanted = codecs.lookup(name.strip()).name
        "".encode(wanted)  # some codecs turn bytes into bytes: not encodings of text
        if wanted in _NOT_FOR_FILES:
            raise LookupError(wanted)
    except (LookupError, TypeError, ValueError) as error:
        raise FileProblem(
            f"“{name[:40]}” is not an encoding we know. Try utf-8, windows-1252 or utf-16.",
            code="unknown_encoding",
            field="encoding",
        ) from error
    start = file.read(4096)
    mark = _byte_order_mark(start)
    if mark and wanted.replace("-", "_").startswith(mark[0].removesuffix("-sig").replace("-", "_")):
        return mark[0]
    if wanted in ("utf-16", "utf-32"):
        return _without_mark(wanted, start)
    return name.strip().lower()


def _without_mark(wanted: str, start: bytes) -> str:
    """Which of the two orders of bytes; Python's decoders ask for a mark that says so."""
    wide = _wide_without_mark(start)
    if wide and wide.name.startswith(wanted):
        return wide.name
    raise FileProblem(
        f"The file doesn't look like {wanted}: the mark at its beginning that would say so is "
        f"missing. Choose another encoding; {wanted}-le and {wanted}-be need no mark.",
        code="not_this_encoding",
        field="encoding",
        byte=0,
    )


def detect_encoding(file: BinaryIO) -> Encoding:
    """Read the file through and decide."""
    start = file.read(4096)
    if mark := _byte_order_mark(start):
        return Encoding(mark[0], f"The file begins with a {mark[1]} byte-order mark.")
    if wide := _wide_without_mark(start):
        return wide
    file.seek(0)
    scan = _try_utf8(file)
    if not scan.bad:
        if scan.beyond_ascii:
            return Encoding("utf-8", "Every byte of the file is valid UTF-8.")
        return Encoding("utf-8", "The file has plain ASCII characters only.")
    if scan.beyond_ascii >= 20 * scan.bad:
        warning = (
            f"{scan.bad:,} places are not valid UTF-8, the first at byte {scan.first_bad:,}; "
            "rows with such bytes are listed, not imported."
        )
        return Encoding("utf-8", "Nearly all of the file is valid UTF-8.", (warning,))
    file.seek(0)
    return _not_utf8(_lines_beyond_ascii(file), scan)


def _byte_order_mark(start: bytes) -> tuple[str, str] | None:
    for mark, name, label in _BOMS:
        if start.startswith(mark):
            return name, label
    return None


def _wide_without_mark(start: bytes) -> Encoding | None:
    """UTF-16 shows itself by zeros beside its commas and line ends, all on the same side."""
    half = len(start) // 2
    if half < 8:
        return None
    even, odd = start[0::2].count(0), start[1::2].count(0)
    for name, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zeros > 0.05 * half and others * 20 < zeros:
            return Encoding(name, "Zero bytes in every other place, as in UTF-16.")
    return None


def _try_utf8(file: BinaryIO) -> _Scan:
    scan = _Scan()
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    base = 0

    def count(error: UnicodeError) -> tuple[str, int]:
        assert isinstance(error, UnicodeDecodeError)  # only ever decoding here
        if not scan.bad:
            scan.first_bad = base + error.start
        scan.bad += 1
        return "\ufffd", error.end

    codecs.register_error("pim.count_bad_bytes", count)
    decoder.errors = "pim.count_bad_bytes"
    position = 0
    while block := file.read(_BLOCK):
        base = position - len(decoder.getstate()[0])
        position += len(block)
        scan.beyond_ascii += len(block) - len(decoder.decode(block))
        if scan.hopeless:
            return scan
    base = position - len(decoder.getstate()[0])
    decoder.decode(b"", final=True)
    return scan


def _lines_beyond_ascii(file: BinaryIO) -> bytes:
    """Lines that say something about the encoding; the rest of the file doesn't."""
    found: list[bytes] = []
    total = 0
    while total < _SAMPLE and (block := file.read(_BLOCK)):
        for match in _HIGH_LINES.finditer(block):
            found.append(match.group())
            total += len(match.group())
            if total >= _SAMPLE:
                break
    return b"\n".join(found)


def _not_utf8(sample: bytes, scan: _Scan) -> Encoding:
    why = f"Not UTF-8 (byte {scan.first_bad:,})"
    runs = [len(run) for run in _HIGH_RUN.findall(sample)]
    in_runs = sum(length for length in runs if length > 1)
    if in_runs > max(_FEW_BYTES, 0.6 * sum(runs)):
        best = (
            from_bytes(sample, cp_isolation=list(_OTHER_SCRIPTS)).best()
            or from_bytes(
                sample, cp_isolation=["cp874"]
            ).best()  # Thai; short Chinese looks like it
        )
        if best is not None:
            name = _OTHER_SCRIPTS.get(best.encoding, best.encoding)
            return Encoding(name, f"{why}; the letters read as {best.language} in {name}.")
    name, language, share = _best_latin(sample)
    if share < 0.5:
        warning = "The encoding is uncertain: look whether accented letters are right below."
        return Encoding(name, f"{why}; read as {name} for want of better evidence.", (warning,))
    if language:
        return Encoding(name, f"{why}; accented letters fit {language} in {name}.")
    return Encoding(name, f"{why}; signs like € and ° are right in {name}.")


def _best_latin(sample: bytes) -> tuple[str, str, float]:
    """Encoding, language and share of characters beyond ASCII that are where they belong."""
    best = (_LATIN[0], "", 0.0)
    for name in _LATIN:
        try:
            text = sample.decode(name)
        except UnicodeDecodeError:
            continue
        language, share = _plausibility(text)
        if share > best[2] + 0.01:
            best = (name, language, share)
    return best


def _plausibility(text: str) -> tuple[str, float]:
    total = 0
    at_home: dict[str, int] = {}
    for place, char in enumerate(text):
        if char < "\x80":
            continue
        total += 1
        before, after = text[place - 1 : place], text[place + 1 : place + 2]
        if char.isalpha() and char not in "ªº":
            if char.isupper() and before.islower():
                continue  # a capital inside a word: the wrong letter
            at_home[char] = at_home.get(char, 0) + 1
        elif char in _SYMBOLS and not (before.isalpha() and after.isalpha() and char not in "’-·"):
            at_home[""] = at_home.get("", 0) + 1
    signs = at_home.pop("", 0)
    shares = {
        language: sum(count for char, count in at_home.items() if char in letters)
        for language, letters in _ALPHABETS.items()
    }
    language = max(shares, key=lambda name: shares[name])
    found = shares[language]
    return (language if found else ""), (found + signs) / max(total, 1)
