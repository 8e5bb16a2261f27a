"""Sessions: what `SET` and `USE` changed for the later requests of a client that names one.

Each request has a connection of its own, on which the session's statements are run again first.
So a request's own settings, `readonly` above all, end with the request.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pim.devservices.clickhouse.engine import Connection
from pim.devservices.clickhouse.errors import SESSION_IS_LOCKED, EngineError
from pim.devservices.clickhouse.statement import Query

_TIMEOUT_SECONDS = 60.0


@dataclass(slots=True)
class _Session:
    statements: list[Query] = field(default_factory=list)
    used_at: float = 0.0
    in_use: bool = True


class Sessions:
    """The sessions of this process. Two requests at once in one session: the second is refused."""

    def __init__(self) -> None:
        self._sessions: dict[str, _Session] = {}
        self._lock = threading.Lock()

    @contextmanager
    def joined(self, session_id: str) -> Iterator[None]:
        """Hold the session for a request; without an id there is nothing to hold."""
        if not session_id:
            yield
            return
        with self._lock:
            self._drop_idle()
            session = self._sessions.get(session_id)
            if session is not None and session.in_use:
                raise EngineError(SESSION_IS_LOCKED, f"Session {session_id} is locked by a query")
            session = session or _Session()
            session.in_use = True
            self._sessions[session_id] = session
        try:
            yield
        finally:
            with self._lock:
                session.in_use, session.used_at = False, time.monotonic()

    def restore(self, session_id: str, connection: Connection) -> None:
        """Bring `connection` to where the session's earlier statements left it."""
        if session_id:
            for query in self._sessions[session_id].statements:
                connection.execute(query, {})

    def remember(self, session_id: str, query: Query) -> None:
        """Keep a statement that succeeded, if later ones depend on it."""
        if session_id and query.changes_session:
            self._sessions[session_id].statements.append(query)

    def _drop_idle(self) -> None:
        oldest = time.monotonic() - _TIMEOUT_SECONDS
        for session_id, session in list(self._sessions.items()):
            if not session.in_use and session.used_at < oldest:
                del self._sessions[session_id]
