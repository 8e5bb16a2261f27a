"""Gzip and zip of one file, as a layer below every reader: what comes out reads like the file.

What a packed file holds isn't known before it is unpacked, so it is counted on the way: beyond
the limits reading stops. Sizes that the archive itself states are checked too, but not believed.
"""

from __future__ import annotations

import gzip
import io
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePath
from typing import Any, BinaryIO

from pim.imports.readers.base import Dialect, FileProblem, Format, Limits, Reader, Source

GZIP, ZIP = "gzip", "zip"
_MAGIC = {b"\x1f\x8b": GZIP, b"PK\x03\x04": ZIP, b"PK\x05\x06": ZIP}
_TABLES_IN_ZIP = ("[content_types].xml", "mimetype", "index/document.iwa")
_NO_FILES = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")
UNPACK_ERRORS = (zipfile.BadZipFile, zlib.error, gzip.BadGzipFile, EOFError, NotImplementedError)
_ODDLY_PACKED = "The file is packed in a way we don't read. Pack it as ordinary zip or gzip."
_GIB = 1024**3


def packing_of(source: Source) -> str | None:
    """`gzip` or `zip` when the file is a packed one; None for a file as it is.

    Workbooks and other documents that happen to be zips are not packed files.
    """
    with source.open() as file:
        start = file.read(4)
        packing = next((name for magic, name in _MAGIC.items() if start.startswith(magic)), None)
        if packing != ZIP:
            return packing
        with _opened_zip(file, source) as archive:
            names = {info.filename.lower() for info in archive.infolist()}
    return None if names.intersection(_TABLES_IN_ZIP) else ZIP


def unpacked(source: Source, packing: str | None) -> Source:
    """The file inside, read while it is unpacked. Raises FileProblem when there isn't just one."""
    if packing is None:
        return source
    if packing == GZIP:
        name = source.filename.removesuffix(".gz") or source.filename
        return replace(source, filename=name, open=lambda: _gunzip(source))
    with source.open() as file, _opened_zip(file, source) as archive:
        member = _only_member(archive, source)
    name = PurePath(member.filename).name
    return replace(source, filename=name, open=lambda: _unzip(source, member.filename))


def opened_packed(
    open_reader: Callable[[Source, Dialect], Reader],
) -> Callable[[Source, Dialect], Reader]:
    """An `open` of the registry that unpacks first, when the dialect says so."""

    def open_packed(source: Source, dialect: Dialect) -> Reader:
        return open_reader(unpacked(source, dialect.packed), dialect)

    return open_packed


def reading_packed(entry: Format) -> Format:
    """A format whose files may come packed."""
    return replace(entry, open=opened_packed(entry.open))


def seekable(source: Source) -> BinaryIO:
    """The file, opened so that any place can be read at once: unpacked to disk if need be."""
    file = source.open()
    if not isinstance(file, _Unpacking):
        return file
    spooled = tempfile.TemporaryFile()  # noqa: SIM115 – the caller closes it
    try:
        with file:
            shutil.copyfileobj(file, spooled, 1 << 20)
    except BaseException:
        spooled.close()
        raise
    spooled.seek(0)
    return spooled


class _Unpacking(io.RawIOBase):
    """Bytes out of a packed file, never more than the limits allow."""

    def __init__(self, inner: Any, stored: BinaryIO, limits: Limits, *, start: int = 0) -> None:
        self._inner = inner
        self._stored = stored
        self._limits = limits
        self._start = start
        self._out = 0
        self.packed_bytes = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            block = self._inner.read(len(buffer))
        except UNPACK_ERRORS as error:
            raise self._damaged(error) from error
        buffer[: len(block)] = block
        self._out += len(block)
        self.packed_bytes = max(self.packed_bytes, self._stored.tell())
        self._check()
        return len(block)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Back to the start; nowhere else."""
        if offset or whence != io.SEEK_SET:
            raise io.UnsupportedOperation("only the start of a packed file can be sought")
        self._inner.seek(0)
        self._out = self.packed_bytes = 0
        return 0

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
            self._stored.close()
        super().close()

    def _check(self) -> None:
        if self._out > self._limits.unpacked_bytes:
            raise FileProblem(
                f"Unpacked, this file is larger than {_size(self._limits.unpacked_bytes)}, which "
                "is the limit.",
                code="unpacked_too_large",
                byte=self.packed_bytes,
            )
        taken = max(self.packed_bytes - self._start, 1)
        if self._out > self._limits.ratio_from and self._out > self._limits.ratio * taken:
            raise FileProblem(
                f"This file unpacks to more than {self._limits.ratio} times its size. That looks "
                "like a trap, so reading stops. Upload it unpacked.",
                code="unpacked_too_large",
                byte=self.packed_bytes,
            )

    def _damaged(self, error: Exception) -> FileProblem:
        at = self._stored.tell()
        if isinstance(error, EOFError):
            what = f"The packed file is cut off: it ends at byte {at:,} in the middle of its data."
        elif isinstance(error, NotImplementedError):
            what = _ODDLY_PACKED
        else:
            what = f"The packed file is damaged near byte {at:,}. Pack it again."
        return FileProblem(what, code="damaged_archive", byte=at)


def _gunzip(source: Source) -> BinaryIO:
    stored = source.open()
    return _Unpacking(gzip.GzipFile(fileobj=stored), stored, source.limits)  # type: ignore[return-value]


def _unzip(source: Source, member: str) -> BinaryIO:
    stored = source.open()
    try:
        with _opened_zip(stored, source) as archive:
            info = archive.getinfo(member)
            inner = archive.open(info)
    except BaseException:
        stored.close()
        raise
    return _Unpacking(inner, stored, source.limits, start=info.header_offset)  # type: ignore[return-value]


@contextmanager
def _opened_zip(file: BinaryIO, source: Source) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except NotImplementedError as error:
        raise FileProblem(_ODDLY_PACKED, code="damaged_archive") from error
    except RuntimeError as error:  # so zipfile says that there is a password
        raise _locked(source) from error
    except (*UNPACK_ERRORS, ValueError, OSError) as error:
        raise FileProblem(
            f"“{source.filename}” begins like a zip archive but is cut off or damaged: its table "
            f"of contents, at the end near byte {source.size:,}, can't be read.",
            code="damaged_archive",
            byte=source.size,
        ) from error


def _only_member(archive: zipfile.ZipFile, source: Source) -> zipfile.ZipInfo:
    files = [info for info in archive.infolist() if not _is_clutter(info)]
    if not files:
        raise FileProblem("The zip archive holds no file.", code="empty_archive", byte=0)
    if len(files) > 1:
        names = ", ".join(f"“{info.filename[:80]}”" for info in files[:5])
        more = f" and {len(files) - 5:,} more" if len(files) > 5 else ""
        raise FileProblem(
            f"The zip archive holds {len(files):,} files: {names}{more}. Pack just the one to "
            "import, or upload it unpacked.",
            code="several_files",
        )
    if files[0].flag_bits & 1:
        raise _locked(source)
    if files[0].file_size > source.limits.unpacked_bytes:
        limit = _size(source.limits.unpacked_bytes)
        raise FileProblem(
            f"Unpacked, “{files[0].filename[:80]}” is larger than {limit}, which is the limit.",
            code="unpacked_too_large",
        )
    return files[0]


def _is_clutter(info: zipfile.ZipInfo) -> bool:
    """Folders, and what operating systems leave in archives."""
    name = info.filename.lower()
    return info.is_dir() or name.startswith(_NO_FILES[0]) or name.endswith(_NO_FILES[1:])


def _locked(source: Source) -> FileProblem:
    return FileProblem(
        f"“{source.filename}” is protected by a password. Pack it again without one.",
        code="locked_archive",
    )


def _size(count: int) -> str:
    return f"{count / _GIB:,.1f} GB" if count >= _GIB // 10 else f"{count / 1024**2:,.1f} MB"
