"""What is kept of a check: the body that was checked, its findings, the cells it found.

`check_result` is `{"state": "running" | "done" | "failed", "body", "schema", …}` with all of
`Findings`, and how many rows to deactivate were found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import cast, text
from sqlalchemy.dialects.postgresql import JSONB
from werkzeug.datastructures import MultiDict

from pim.core.clock import now
from pim.core.db import db
from pim.core.tenancy import current_tenant_id
from pim.imports.absent import Asked, foreseen
from pim.imports.findings import Findings
from pim.imports.mapping import Confirmation, options_from_dict, rules_from_dict
from pim.imports.models import ImportJob

MAPPING = "mapping"

# Of a few products all cells are kept, to look at; all are counted.
CREATED_SHOWN, UPDATED_SHOWN, CELLS_SHOWN = 2_000, 20_000, 300_000

_KEEP = """
INSERT INTO import_check_rows (tenant_id, import_id, line, status, sku, field, before, after)
SELECT :tenant, :import_id, (CAST(:lines AS integer[]))[row_no + 1], status, sku, field,
       before, after
FROM {cells} ORDER BY row_no, place
"""


@dataclass(frozen=True, slots=True)
class Checked:
    """What is known of the last check of an import. state: `running`, `done` or `failed`.

    all_cells: whether the cells of every product that changes were kept.
    """

    state: str
    findings: Findings
    all_cells: bool
    error: str | None
    seconds: float | None
    absent: Asked | None

    @classmethod
    def of(cls, job: ImportJob) -> Checked | None:
        """The last check of an import; None if there was none, or it was stopped."""
        kept = job.check_result
        if not kept:
            return None
        findings = Findings.from_dict(kept)
        most_created, most_updated = shown_products(len(job.mapping.get("rules", ())))
        fits = findings.created <= most_created and findings.updated <= most_updated
        return cls(
            kept["state"],
            findings,
            fits,
            kept.get("error"),
            kept.get("seconds"),
            foreseen(job),
        )


def begun_check(
    body: Any, confirmation: Confirmation, form: Mapping[str, list[str]] | None = None
) -> dict[str, Any]:
    """What is kept of a check that has been asked for."""
    return {
        "state": "running",
        "body": body,
        "form": form,
        "schema": confirmation.vocabulary.as_definition(),
        "asked_at": now().isoformat(),
    }


def kept_if_same(job: ImportJob, confirmation: Confirmation) -> dict[str, Any] | None:
    """What the check found, if exactly this was checked; else it says nothing any more."""
    found = job.check_result
    same = (
        found is not None
        and found.get("state") == "done"
        and found["schema"] == confirmation.vocabulary.as_definition()
        and rules_from_dict(job.mapping) == confirmation.rules
        and options_from_dict(job.options) == confirmation.options
    )
    return found if same else None


def form_checked(job: ImportJob) -> MultiDict[str, str] | None:
    """The wizard's form as it was sent to be checked, if that was how."""
    form = (job.check_result or {}).get("form")
    return MultiDict(form) if form else None


def check_failed(message: str) -> dict[str, Any]:
    """What becomes of an import whose check ended without a result: it can be mapped again."""
    told = {"state": "failed", "error": message}
    return {
        "status": MAPPING,
        "phase": "",
        "checkpoint": {},
        "bytes_done": 0,
        "started_at": None,
        "check_result": ImportJob.check_result.op("||")(cast(told, JSONB)),
    }


def shown_products(columns: int) -> tuple[int, int]:
    """Of how many new and of how many changed products the cells are kept, by the file's width."""
    fits = CELLS_SHOWN // max(1, columns)
    return min(CREATED_SHOWN, fits), min(UPDATED_SHOWN, fits)


def keep_cells(import_id: int, cells: str, lines: list[int]) -> None:
    """Keep what a preview left in its table. lines: by the number a row was staged with."""
    db.session.execute(
        text(_KEEP.format(cells=cells)),
        {"tenant": current_tenant_id(), "import_id": import_id, "lines": lines},
    )
