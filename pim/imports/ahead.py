"""Reading ahead: the next chunk is made while the one before is being written.

PostgreSQL does its part in another process, so the two really happen at once. At most one chunk
waits, so memory stays flat.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator

from pim.imports.chunks import Chunk


class Ahead:
    """Prepares the next chunk in a thread while the caller writes the one before.

    with Ahead(chunker.chunks(batches)) as chunks: for chunk in chunks: …
    """

    def __init__(self, chunks: Iterator[Chunk]) -> None:
        self._chunks = chunks
        self._ready: queue.Queue[Chunk | BaseException | None] = queue.Queue(maxsize=1)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._prepare, daemon=True, name="import-reader")

    def __enter__(self) -> Iterator[Chunk]:
        self._thread.start()
        return self._walk()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _prepare(self) -> None:
        try:
            for chunk in self._chunks:
                self._offer(chunk)
                if self._stop.is_set():
                    return
            self._offer(None)
        except BaseException as error:
            self._offer(error)

    def _offer(self, item: Chunk | BaseException | None) -> None:
        while not self._stop.is_set():
            try:
                self._ready.put(item, timeout=0.1)
                return
            except queue.Full:
                continue

    def _walk(self) -> Iterator[Chunk]:
        while True:
            found = self._ready.get()
            if found is None:
                return
            if isinstance(found, BaseException):
                raise found
            yield found
