"""The formats an export can have. A new one is one entry here."""

from __future__ import annotations

from pim.products.export import delimited, json_lines, workbook
from pim.products.export.base import Format

FORMATS: dict[str, Format] = {
    entry.name: entry
    for entry in (
        Format("csv", "CSV", ".csv", "text/csv; charset=utf-8", delimited.write),
        Format(
            "jsonl",
            "JSON Lines",
            ".jsonl",
            "application/x-ndjson",
            json_lines.write,
            has_columns=False,
            as_text=True,
        ),
        Format(
            "xlsx",
            "Excel",
            ".xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            workbook.write,
            measured=True,
        ),
    )
}
