"""The queues there are, in the order in which a worker looks into them."""

from __future__ import annotations

ANALYTICS = "analytics"
DEFAULT = "default"
SEGMENTS = "segments"
IMPORTS = "imports"

# Short work first: a long import must not keep an edit from reaching ClickHouse.
QUEUES: tuple[str, ...] = (ANALYTICS, DEFAULT, SEGMENTS, IMPORTS)
