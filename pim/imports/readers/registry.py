"""The file formats an import can read. A new one is one entry here."""

from __future__ import annotations

from pim.imports.readers import (
    delimited,
    detect_delimited,
    detect_xlsx,
    json_lines,
    json_records,
    xlsx_sheet,
    xml_records,
)
from pim.imports.readers.base import Format
from pim.imports.readers.packed import reading_packed
from pim.imports.shapes.finding import recognising_shapes

_FORMATS = (
    Format(
        name="csv",
        label="CSV",
        extensions=(".csv", ".txt"),
        detect=detect_delimited.detect_csv,
        open=delimited.open_reader,
    ),
    Format(
        name="tsv",
        label="TSV",
        extensions=(".tsv", ".tab"),
        detect=detect_delimited.detect_tsv,
        open=delimited.open_reader,
    ),
    Format(
        name="xlsx",
        label="Excel",
        extensions=(".xlsx", ".xlsm"),
        detect=detect_xlsx.detect,
        open=xlsx_sheet.open_reader,
        counts="row",
        by_program=True,
    ),
    Format(
        name="json",
        label="JSON",
        extensions=(".json",),
        detect=json_records.detect,
        open=json_records.open_reader,
        counts="record",
        by_program=True,
    ),
    Format(
        name="jsonl",
        label="JSON Lines",
        extensions=(".jsonl", ".ndjson"),
        detect=json_lines.detect,
        open=json_lines.open_reader,
        by_program=True,
    ),
    Format(
        name="xml",
        label="XML",
        extensions=(".xml", ".rss"),
        detect=xml_records.detect,
        open=xml_records.open_reader,
        counts="record",
    ),
)
READERS: dict[str, Format] = {
    entry.name: recognising_shapes(reading_packed(entry)) for entry in _FORMATS
}
