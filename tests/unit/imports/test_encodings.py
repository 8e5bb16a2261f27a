"""Which encoding a file is in, found from its bytes alone."""

from __future__ import annotations

import io

import pytest

from pim.imports.encodings import detect_encoding, known_encoding
from pim.imports.readers.base import FileProblem

GERMAN = "Größe;Bezeichnung;Preis €\nStühle für Gäste;Übergröße;19,99 €\nBüro;grün;süß\n"
FRENCH = "Désignation;Prix;Catégorie\nChaise élégante;été;à côté de la fenêtre\nCœur;français\n"
POLISH = "Nazwa;Opis\nKrzesło drewniane;żółty\nŁóżko dziecięce;Świeca\nćwierć;pięć\n"
CZECH = "Název;Popis\nŽidle dřevěná;žlutá\nSvíčka;vůně\nčtvrt;příliš žluťoučký kůň\n"
TURKISH = "Ürün adı;Açıklama\nAhşap sandalye;sarı\nÇocuk yatağı;şişe\n"
RUSSIAN = "Название;Описание\nСтул деревянный;жёлтый\nКровать детская;Свеча\n"
GREEK = "Όνομα;Περιγραφή\nΚαρέκλα ξύλινη;κίτρινη\n"
JAPANESE = "商品名;説明\n木製の椅子;黄色\n子供用ベッド;キャンドル\n"
CHINESE = "产品名称;描述\n木椅;黄色\n儿童床;蜡烛\n"


def detected(data: bytes) -> str:
    return detect_encoding(io.BytesIO(data)).name


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "windows-1252"),
        (GERMAN.replace("€", "EUR"), "iso-8859-1"),
        (GERMAN, "iso-8859-15"),
        (GERMAN, "macintosh"),
        (GERMAN.replace("€", "EUR"), "ibm850"),
        (FRENCH, "windows-1252"),
        (FRENCH, "macintosh"),
        (POLISH, "windows-1250"),
        (POLISH, "iso-8859-2"),
        (POLISH, "ibm852"),
        (CZECH, "windows-1250"),
        (CZECH, "iso-8859-2"),
        (TURKISH, "windows-1254"),
        (RUSSIAN, "windows-1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "iso-8859-5"),
        (GREEK, "windows-1253"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc-jp"),
        (CHINESE, "gb18030"),
        *[
            (text, encoding)
            for text in (GERMAN, POLISH, RUSSIAN, JAPANESE)
            for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")
        ],
    ],
)
def test_a_file_is_read_as_it_was_written(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    assert data.decode(detected(data)) == text


def test_one_accented_word_is_enough() -> None:
    assert detected(b"sku;name\nA1;Chair\nA2;Tisch f\xfcr 4\n") == "windows-1252"


def test_plain_ascii_is_utf_8_and_the_reason_says_so() -> None:
    found = detect_encoding(io.BytesIO(b"sku,name\nA,B\n"))
    assert (found.name, found.reason) == ("utf-8", "The file has plain ASCII characters only.")


def test_the_whole_file_is_looked_at_not_only_its_beginning() -> None:
    data = b"sku,name\n" + b"A,plain\n" * 400_000 + "B,Möbel\n".encode("windows-1252")
    found = detect_encoding(io.BytesIO(data))
    assert found.name == "windows-1252"
    assert f"byte {data.index(0xF6):,}" in found.reason


def test_a_few_bad_bytes_in_much_utf_8_stay_utf_8_with_a_warning() -> None:
    data = "näme,größe\n".encode() * 100 + b"caf\xe9,1\n"
    found = detect_encoding(io.BytesIO(data))
    assert found.name == "utf-8"
    assert found.warnings
    assert f"byte {data.index(0xE9):,}" in found.warnings[0]


def test_thin_evidence_is_admitted() -> None:
    found = detect_encoding(io.BytesIO(b"a;b\nx\xa6y;z\xacq\n"))
    assert found.warnings
    assert "uncertain" in found.warnings[0]


def test_a_chosen_encoding_still_honours_the_byte_order_mark() -> None:
    assert known_encoding("UTF-8", io.BytesIO(b"\xef\xbb\xbfsku")) == "utf-8-sig"
    assert known_encoding("utf-16-le", io.BytesIO(b"\xff\xfes\0k\0u\0")) == "utf-16"
    assert known_encoding("windows-1252", io.BytesIO(b"\xef\xbb\xbfsku")) == "windows-1252"


@pytest.mark.parametrize("wanted", ["utf-16", "UTF_32"])
def test_a_wide_encoding_is_refused_for_a_file_that_bears_no_mark_of_it(wanted: str) -> None:
    with pytest.raises(FileProblem, match="doesn't look like utf-") as caught:
        known_encoding(wanted, io.BytesIO("sku;Möbel\nA;b\n".encode("windows-1252")))
    assert caught.value.field == "encoding"


def test_a_wide_encoding_without_a_mark_is_read_in_the_order_the_file_shows() -> None:
    data = io.BytesIO("sku,name\nA,Oak chair\n".encode("utf-16-be"))
    assert known_encoding("utf-16", data) == "utf-16-be"


@pytest.mark.parametrize("name", ["klingon", "base64", "rot13", ""])
def test_what_is_no_encoding_of_text_is_refused_by_name(name: str) -> None:
    with pytest.raises(FileProblem, match=f"“{name}” is not an encoding") as caught:
        known_encoding(name, io.BytesIO(b""))
    assert caught.value.field == "encoding"
