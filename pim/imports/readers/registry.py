"""The file formats an import can read. A new one is one entry here."""

from __future__ import annotations

from pim.imports.readers import delimited, detect_delimited
from pim.imports.readers.base import Format

READERS: dict[str, Format] = {
    "csv": Format(
        name="csv",
        label="CSV",
        extensions=(".csv", ".txt"),
        detect=detect_delimited.detect_csv,
        open=delimited.open_reader,
    ),
    "tsv": Format(
        name="tsv",
        label="TSV",
        extensions=(".tsv", ".tab"),
        detect=detect_delimited.detect_tsv,
        open=delimited.open_reader,
    ),
}
