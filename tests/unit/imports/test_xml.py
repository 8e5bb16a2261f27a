"""The XML reader: which element is a record, what becomes a column, and what is refused."""

from __future__ import annotations

import json
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pim.imports.readers import xml_records
from pim.imports.readers.base import FileProblem, Overrides
from pim.imports.sniff import detect, parse_overrides
from pim.schema.types import CoerceContext, coerce
from tests.factories.files import Read, a_file, file_at, read_file
from tests.factories.shared_data import shared_data


def read(content: str | bytes, overrides: Overrides | None = None) -> Read:
    return read_file(a_file(content, "products.xml"), overrides)


def items(*inner: str) -> str:
    return "<shop>" + "".join(f"<item>{each}</item>" for each in inner) + "</shop>"


def test_elements_and_attributes_become_columns() -> None:
    found = read("""<?xml version="1.0"?>
        <shop><item id="1"><sku>A</sku><size unit="cm"><width>10</width></size></item>
        <item id="2"><sku>B</sku></item></shop>""")
    assert found.detection.dialect.format == "xml"
    assert found.detection.dialect.record_path == "/shop/item"
    assert found.headers == ["id", "sku", "size.unit", "size.width"]
    assert found.rows == [["1", "A", "cm", "10"], ["2", "B", "", ""]]
    assert found.lines == [1, 2]


def test_an_attribute_beside_an_element_of_its_name_keeps_its_sign() -> None:
    found = read(items('<sku type="x">A</sku><sku.type>y</sku.type>', "<sku>B</sku>"))
    assert found.headers == ["sku", "sku.@type", "sku.type"]
    assert found.rows == [["A", "x", "y"], ["B", "", ""]]


def test_prefixes_stay_and_their_declarations_are_no_columns() -> None:
    feed = """<rss xmlns:g="http://base.google.com/ns/1.0" version="2.0"><channel>
      <title>Our shop</title><link>https://example.com</link>
      <item><g:id>A</g:id><title>Chair</title><g:price>19.99 EUR</g:price>
        <g:additional_image_link>https://example.com/1.jpg</g:additional_image_link>
        <g:additional_image_link>https://example.com/2,3.jpg</g:additional_image_link>
        <g:shipping><g:country>DE</g:country><g:price>5 EUR</g:price></g:shipping></item>
      <item xmlns:g="http://base.google.com/ns/1.0"><g:id>B</g:id><title>Lamp</title>
        <g:additional_image_link>https://example.com/4,5.jpg</g:additional_image_link></item>
      </channel></rss>"""
    found = read(feed)
    assert found.headers == [
        "g:id",
        "title",
        "g:price",
        "g:additional_image_link",
        "g:shipping.g:country",
        "g:shipping.g:price",
    ]
    images = [coerce("array", row[3], CoerceContext()) for row in found.rows]
    assert images == [
        ["https://example.com/1.jpg", "https://example.com/2,3.jpg"],
        ["https://example.com/4,5.jpg"],
    ]


def test_a_repeated_element_with_parts_stays_together_as_json() -> None:
    found = read(items(
        "<sku>A</sku><param><name>Color</name><val>red</val></param>",
        '<sku>B</sku><param><name>Size</name><val>M</val></param><param lang="de">x</param>',
    ))  # fmt: skip
    assert found.headers == ["sku", "param"]
    assert [json.loads(row[1]) for row in found.rows] == [
        [{"name": "Color", "val": "red"}],
        [{"name": "Size", "val": "M"}, {"@lang": "de", "#text": "x"}],
    ]


def test_text_with_markup_in_it_stays_one_text() -> None:
    found = read(items(
        "<sku>A</sku><text>a <b class=\"x\">great</b> &amp; <i>old</i> chair</text>",
        "<sku>B</sku><text><![CDATA[plain <b>html</b>]]></text>",
    ))  # fmt: skip
    assert found.rows == [
        ["A", 'a <b class="x">great</b> &amp; <i>old</i> chair'],
        ["B", "plain <b>html</b>"],
    ]


def test_groups_around_the_records_are_not_the_records() -> None:
    group = "<category><name>{}</name>" + "<product><sku>{}</sku><name>x</name></product>" * 4
    text = "".join((group + "</category>").format(i, *"abcd") for i in range(5))
    found = detect(a_file(f"<catalog><info>x</info>{text}</catalog>", "c.xml"))
    assert found.dialect.record_path == "/catalog/category/product"


def test_variants_inside_products_are_not_the_records() -> None:
    variant = "<variant><size>S</size><stock>1</stock></variant>"
    product = f"<product><sku>A</sku><name>x</name>{variant * 4}</product>"
    found = detect(a_file(f"<products>{product * 3}</products>", "c.xml"))
    assert found.dialect.record_path == "/products/product"


def test_a_list_in_a_language_without_known_words_is_found_by_its_shape() -> None:
    entry = "<aaa><bbb>1</bbb><ccc>2</ccc><ddd>3</ddd></aaa>"
    found = detect(a_file(f"<zzz><meta><x>1</x></meta><yyy>{entry * 5}</yyy></zzz>", "c.xml"))
    assert found.dialect.record_path == "/zzz/yyy/aaa"


@pytest.mark.parametrize("said", ["/shop/brands/brand", "brand", "brands.brand", "$.brands/brand"])
def test_the_record_element_can_be_chosen(said: str) -> None:
    brands = "<brands><brand><name>X</name></brand><brand><name>Y</name></brand></brands>"
    content = f"<shop>{brands}<item><sku>A</sku></item><item><sku>B</sku></item></shop>"
    found = read(content, parse_overrides({"record_path": said}))
    assert found.rows == [["X"], ["Y"]]
    assert found.detection.reasons["record_path"] == "Chosen by you."
    assert found.detection.choices["record_path"][0] == "/shop/item"


def test_an_element_that_is_not_there_is_said_with_those_that_are() -> None:
    with pytest.raises(FileProblem, match=r"It has: .*“/shop/item”") as caught:
        read(items("<sku>A</sku>"), parse_overrides({"record_path": "product"}))
    assert caught.value.field == "record_path"


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE shop>",
        '<!DOCTYPE BMECAT SYSTEM "bmecat_new_catalog.dtd">',
        '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]>',
        '<!DOCTYPE x [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd"> %p;]>',
    ],
)
def test_any_doctype_is_refused_with_its_place(doctype: str) -> None:
    content = f'<?xml version="1.0"?>\n<!-- ok -->\n{doctype}\n{items("<sku>&xxe;</sku>")}'
    with pytest.raises(FileProblem, match="document type") as caught:
        read(content)
    assert (caught.value.code, caught.value.line) == ("dtd_refused", 3)


def test_entities_that_xml_does_not_know_are_named_as_the_cause() -> None:
    with pytest.raises(FileProblem, match="such as &nbsp;") as caught:
        read("<shop>\n<item><sku>A&nbsp;B</sku></item></shop>")
    assert caught.value.line == 2


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        ("<shop>\n<item><sku>A</item></shop>", 2, 15),
        ("<shop>\n<item><sku>A & B</sku></item></shop>", 2, 15),
        ("<shop><item/></shop><shop/>", 1, 21),
        ("<shop>\n<item a=1/></shop>", 2, 9),
        ("<shop><item>&#0;</item></shop>", 1, 13),
    ],
)
def test_a_broken_file_says_where(content: str, line: int, column: int) -> None:
    with pytest.raises(FileProblem, match="The XML breaks at line") as caught:
        read(content)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert caught.value.byte is not None


WHOLE = (
    '<?xml version="1.0"?><shop><item id="1"><sku>Ä</sku></item><item><sku>B</sku></item></shop>'
)


@pytest.mark.parametrize("length", range(1, len(WHOLE.encode())))
def test_a_file_cut_off_anywhere_is_not_taken_for_whole(length: int) -> None:
    with pytest.raises(FileProblem) as caught:
        read(WHOLE.encode()[:length], parse_overrides({"format": "xml"}))
    assert caught.value.byte is not None


def test_a_file_cut_off_says_what_is_open() -> None:
    with pytest.raises(FileProblem, match="the file ends before <shop> is closed"):
        read(items("<sku>A</sku>", "<sku>B</sku>")[:-12])


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(FileProblem, match="nested more than 200 deep"):
        read("<shop><item>" + "<a>" * 10_000)


def test_an_endless_record_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_records, "MAX_VALUE_CHARS", 300_000)
    endless = (
        "<sku>B</sku><text>" + "x" * 1_000_000 + "</text><more>" + "y<z/>" * 100_000 + "</more>"
    )
    found = read(items("<sku>A</sku>", endless, "<sku>C</sku>"))
    assert [row[0] for row in found.rows] == ["A", "C"]
    assert [(p.line, p.code) for p in found.problems] == [(2, "value_too_long")]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252", "iso-8859-15", "cp437"]
)
def test_the_declared_encoding_is_used(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>{items("<sku>Möbel ü</sku>" * 1)}'
    assert read(text.encode(encoding)).rows == [["Möbel ü"]]


@pytest.mark.parametrize("encoding", ["shift_jis", "gb18030", "euc-jp"])
def test_encodings_expat_does_not_know_are_read_too(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>{items("<sku>家具</sku>")}'
    assert read(text.encode(encoding)).rows == [["家具"]]


def test_without_a_declaration_the_encoding_is_found() -> None:
    found = read(items(*["<sku>A</sku><name>Möbel für Gärten</name>"] * 20).encode("windows-1252"))
    assert found.detection.dialect.encoding == "windows-1252"
    assert found.rows[0] == ["A", "Möbel für Gärten"]


def test_a_declaration_that_cannot_be_true_is_not_believed() -> None:
    text = f'<?xml version="1.0" encoding="utf-16"?>{items("<sku>Ü</sku>")}'
    assert read(text.encode()).rows == [["Ü"]]


def test_the_encoding_can_be_chosen_against_the_declaration() -> None:
    text = f'<?xml version="1.0" encoding="utf-8"?>{items("<sku>Ü</sku>")}'.encode("latin-1")
    with pytest.raises(FileProblem, match="the encoding is another"):
        read(text)
    assert read(text, parse_overrides({"encoding": "latin-1"})).rows == [["Ü"]]


def test_bytes_outside_a_decoded_encoding_have_a_place() -> None:
    text = f'<?xml version="1.0" encoding="shift_jis"?>{items("<sku>A</sku>")}'.encode() + b"\xff"
    with pytest.raises(FileProblem) as caught:
        read(text)
    assert (caught.value.code, caught.value.byte) == ("bad_encoding", len(text) - 1)


@pytest.mark.parametrize("name", ["klingon", "zip", "uu", "idna", "undefined"])
def test_what_is_no_encoding_of_files_is_said(name: str) -> None:
    with pytest.raises(FileProblem, match=f"“{name}” is not an encoding") as caught:
        read(f'<?xml version="1.0" encoding="{name}"?><shop/>')
    assert caught.value.field == "encoding"


def test_a_heureka_feed_is_read_whole() -> None:
    found = read_file(file_at(shared_data("heureka_cz", "heureka.xml")))
    assert found.detection.dialect.record_path == "/SHOP/SHOPITEM"
    assert len(found.rows) == 20
    assert found.headers[:3] == ["ITEM_ID", "PRODUCTNAME", "DESCRIPTION"]
    assert "DELIVERY.DELIVERY_PRICE" in found.headers


def test_a_bmecat_catalog_is_read_once_its_doctype_is_gone() -> None:
    text = shared_data("bmecat", "new_catalog.golden.xml").read_text("utf-8")
    with pytest.raises(
        FileProblem, match=r"delete everything from <!DOCTYPE .*BMEcat catalog reads"
    ):
        read(text)
    lines = [line for line in text.splitlines() if "DOCTYPE" not in line]
    found = read("\n".join(lines))
    assert found.detection.dialect.record_path == "/BMECAT/T_NEW_CATALOG/ARTICLE"
    row = dict(zip(found.headers, found.rows[0], strict=True))
    assert row["SUPPLIER_AID"] == "1000"
    assert row["ARTICLE_DETAILS.DESCRIPTION_SHORT"] == 'Apple MacBook Pro 13"'
    assert row["ARTICLE_DETAILS.BUYER_AID.type"] == "KMF"
    assert json.loads(row["ARTICLE_DETAILS.KEYWORD"]) == ["Notebook", "Hardware"]
    prices = json.loads(row["ARTICLE_PRICE_DETAILS.ARTICLE_PRICE"])
    assert [price["PRICE_AMOUNT"] for price in prices] == ["1499.5", "1300.9"]


xml_characters = st.characters(
    codec="utf-8",
    exclude_categories=("Cs", "Cc"),
    include_characters="\t\n",
    exclude_characters="\ufffe\uffff\r",
)
texts = st.text(xml_characters, max_size=12)


@given(
    st.lists(st.tuples(texts, texts, st.lists(texts, max_size=3)), min_size=1, max_size=5),
    st.sampled_from(["utf-8", "utf-16"]),
    st.integers(1, 3),
)
def test_what_was_written_is_read(
    written: list[tuple[str, str, list[str]]], encoding: str, size: int
) -> None:
    safe = {"\n": "&#10;", "\t": "&#9;"}
    parts = [f'<?xml version="1.0" encoding="{encoding}"?><shop>']
    for name, code, tags in written:
        inner = "".join(f"<tag>{escape(tag)}</tag>" for tag in tags)
        code = quoteattr(code, safe)
        parts.append(f"<item code={code}><name>{escape(name)}</name>{inner}</item>")
    text = "".join([*parts, "</shop>"])
    found = read_file(
        a_file(text.encode(encoding), "x.xml"), Overrides(record_path="/shop/item"), size=size
    )
    lists = any(len(tags) > 1 for _, _, tags in written)
    for (name, code, tags), row in zip(written, found.rows, strict=True):
        cells = dict(zip(found.headers, row, strict=True))
        assert (cells["name"], cells["code"]) == (name, code)
        one = tags[0] if tags else ""
        expected = json.dumps(tags, ensure_ascii=False) if lists and tags else one
        assert cells.get("tag", "") == expected
