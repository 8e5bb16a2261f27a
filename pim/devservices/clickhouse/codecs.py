"""Compressed bodies, both ways, in pieces.

A body may hold several frames one after another: the usual client compresses each block of an
insert into a frame of its own. Whoever stops after the first frame loses rows without an error.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import lz4.frame
import zstandard

from pim.devservices.clickhouse.errors import (
    INCORRECT_DATA,
    UNKNOWN_COMPRESSION_METHOD,
    EngineError,
)

_GZIP = 16 + zlib.MAX_WBITS
_DECODERS: dict[str, Callable[[], Any]] = {
    "lz4": lz4.frame.LZ4FrameDecompressor,
    "zstd": lambda: zstandard.ZstdDecompressor().decompressobj(),
    "gzip": lambda: zlib.decompressobj(_GZIP),
    "deflate": zlib.decompressobj,
}
# In the order in which a result's encoding is chosen.
RESULT_ENCODINGS = ("lz4", "zstd", "gzip", "deflate")


def decompressed(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The plain bytes of a body whose Content-Encoding is `encoding`; empty means not compressed.

    Raises EngineError when the encoding is not known, when the bytes are not of it, and when the
    last frame is not complete.
    """
    if encoding in ("", "identity"):
        return iter(chunks)
    if encoding not in _DECODERS:
        raise EngineError(
            UNKNOWN_COMPRESSION_METHOD,
            f"Unknown compression method '{encoding}' (known: {', '.join(_DECODERS)})",
        )
    return _decoded(chunks, encoding)


def _decoded(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    try:
        yield from _frames(chunks, _DECODERS[encoding])
    except (RuntimeError, zlib.error, zstandard.ZstdError) as error:
        raise EngineError(INCORRECT_DATA, f"The body is not {encoding}: {error}") from None
    except EOFError:
        raise EngineError(INCORRECT_DATA, f"The {encoding} body ends too early") from None


def _frames(chunks: Iterable[bytes], new_decoder: Callable[[], Any]) -> Iterator[bytes]:
    decoder = None
    for chunk in chunks:
        rest = chunk
        while rest:
            decoder = decoder or new_decoder()
            if plain := decoder.decompress(rest):
                yield plain
            rest = b""
            if decoder.eof:
                rest, decoder = decoder.unused_data or b"", None
    if decoder is not None:
        raise EOFError


def choose_encoding(accepted: str) -> str:
    """The encoding for a result, from Accept-Encoding; empty when none of ours is accepted."""
    names = {part.split(";")[0].strip().lower() for part in accepted.split(",")}
    return next((name for name in RESULT_ENCODINGS if name in names), "")


def compressed(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """`chunks` as one frame of `encoding`, each chunk flushed so that a reader can go on."""
    if not encoding:
        yield from chunks
    elif encoding == "lz4":
        yield from _lz4(chunks)
    else:
        yield from _compressed(chunks, *_encoder(encoding))


def _lz4(chunks: Iterable[bytes]) -> Iterator[bytes]:
    encoder = lz4.frame.LZ4FrameCompressor(auto_flush=True)
    yield encoder.begin()
    for chunk in chunks:
        yield encoder.compress(chunk)
    yield encoder.flush()


def _encoder(encoding: str) -> tuple[Any, int]:
    if encoding == "zstd":
        return zstandard.ZstdCompressor(level=1).compressobj(), zstandard.COMPRESSOBJ_FLUSH_BLOCK
    wbits = _GZIP if encoding == "gzip" else zlib.MAX_WBITS
    return zlib.compressobj(3, zlib.DEFLATED, wbits), zlib.Z_SYNC_FLUSH


def _compressed(chunks: Iterable[bytes], encoder: Any, flush_mode: int) -> Iterator[bytes]:
    for chunk in chunks:
        yield encoder.compress(chunk) + encoder.flush(flush_mode)
    yield encoder.flush()
