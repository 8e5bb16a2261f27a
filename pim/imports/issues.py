"""What is reported about rows, as it is kept: every row that failed, every value left out.

All of them, however many: a failed row takes no more room than it would as a product, and people
want to correct each. Rows that a later one replaced are counted exactly (`superseded_count`), and
the first of them are listed.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text

from pim.core.db import db
from pim.core.tenancy import current_tenant_id
from pim.imports.chunks import Issue
from pim.jsontext import dumps

# Only of those that are merely told (`info`).
TOLD_KEPT = 10_000

_KEEP = """
INSERT INTO import_issues
    (tenant_id, import_id, record, line, severity, code, "column", message, row)
SELECT :tenant, :import_id, line, line, severity, code, col, message, CAST(cells AS jsonb)
FROM unnest(
    CAST(:lines AS integer[]), CAST(:severities AS text[]), CAST(:codes AS text[]),
    CAST(:columns AS text[]), CAST(:messages AS text[]), CAST(:rows AS text[])
) WITH ORDINALITY AS issues (line, severity, code, col, message, cells, place)
ORDER BY place
"""


def keep_issues(import_id: int, issues: Sequence[Issue]) -> int:
    """Keep what the report says, by lines, in the caller's transaction.

    Gives how many of them are merely told, which has a limit.
    """
    if not issues:
        return 0
    ordered = sorted(issues, key=lambda issue: issue.line)
    db.session.execute(
        text(_KEEP),
        {
            "tenant": current_tenant_id(),
            "import_id": import_id,
            "lines": [issue.line for issue in ordered],
            "severities": [issue.severity for issue in ordered],
            "codes": [issue.code for issue in ordered],
            "columns": [issue.column for issue in ordered],
            "messages": [issue.message for issue in ordered],
            "rows": [None if issue.row is None else dumps(list(issue.row)) for issue in ordered],
        },
    )
    return sum(issue.severity == "info" for issue in ordered)
