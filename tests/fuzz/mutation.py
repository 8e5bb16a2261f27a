"""Makes new inputs out of old ones, and keeps those that led somewhere new.

What is new is told by the target: a word for what came of an input (an error's code, the dialect
that was found). An input with a new word joins the corpus, so that the search goes on from there.
"""

from __future__ import annotations

import argparse
import random
import signal
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

INTERESTING = (
    *(b"\0", b"\xff", b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\x80", b"\xc3", b"\xed\xa0\x80"),
    *(b'"', b"'", b'""', b"\r", b"\n", b"\r\n", b",", b";", b"\t", b"|", b"=", b"\\", b"\\u0000"),
    *(b"{", b"}", b"[", b"]", b":", b"null", b"NaN", b"1e999", b"-0", b"[" * 200, b'{"a":' * 50),
    *(b"<", b">", b"</", b"/>", b"<!--", b"]]>", b"<![CDATA[", b"<!DOCTYPE x>", b"&amp;", b"&x;"),
    *(b"<?xml version='1.0' encoding='utf-16'?>", b"sep=;\r\n", b"PK\x03\x04", b"\x1f\x8b\x08"),
    *(b"0", b"9" * 40, b"1.234", b"1,234", b"\xc2\xa0", b"\xe2\x80\xae", b"\xf0\x9f\xaa\x91"),
    *(
        "€ 19,99".encode(),
        b"USD",
        b"de_DE:",
        b"true",
        b"1900-02-29",
        b"_x000D_",
        b"#N/A",
        b"A1048577",
    ),
)


class TooSlow(Exception):
    """An input took longer than any may."""


@dataclass
class Failure:
    """An input that led to something else than an answer or a proper refusal."""

    name: str
    content: bytes
    trace: str


@dataclass
class Fuzzer:
    """One run. target: takes an input and its name, gives a word for what came of it."""

    target: Callable[[str, bytes], str]
    corpus: list[tuple[str, bytes]]
    chance: random.Random
    slowest_seconds: int = 10
    largest: int = 20_000
    runs: int = 0
    words: set[str] = field(default_factory=set)
    failures: dict[str, Failure] = field(default_factory=dict)

    def run(self, seconds: float) -> None:
        """Try inputs until the time is over."""
        end = time.monotonic() + seconds
        for name, content in list(self.corpus):
            self._try(name, content)
        while time.monotonic() < end:
            name, content = self.chance.choice(self.corpus)
            self._try(name, self._changed(content))

    def _try(self, name: str, content: bytes) -> None:
        self.runs += 1
        try:
            word = self._within_time(name, content)
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            told = f"{type(error).__name__} in {where.filename.rpartition('/')[2]}:{where.lineno}"
            if told not in self.failures:
                self.failures[told] = Failure(name, content, traceback.format_exc())
            return
        if f"{name}: {word}" not in self.words:
            self.words.add(f"{name}: {word}")
            self.corpus.append((name, content))

    def _within_time(self, name: str, content: bytes) -> str:
        def stop(_: int, __: FrameType | None) -> None:
            raise TooSlow

        before = signal.signal(signal.SIGALRM, stop)
        signal.alarm(self.slowest_seconds)
        try:
            return self.target(name, content)
        finally:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, before)

    def _changed(self, content: bytes) -> bytes:
        data = bytearray(content)
        for _ in range(1 << self.chance.randrange(4)):
            self._change(data)
        return bytes(data[: self.largest])

    def _change(self, data: bytearray) -> None:
        chance = self.chance
        start = chance.randint(0, len(data))
        end = min(len(data), start + chance.choice((1, 2, 4, 16, 100)))
        what = chance.randrange(8)
        if what == 0:
            del data[start:end]
        elif what == 1:
            data[start:start] = data[start:end] * chance.choice((1, 1, 2, 50))
        elif what == 2 and start < len(data):
            data[start] ^= 1 << chance.randrange(8)
        elif what == 3:
            data[start:end] = chance.randbytes(chance.randint(0, 8))
        elif what == 4:
            other = chance.choice(self.corpus)[1]
            at = chance.randint(0, len(other))
            data[start:end] = other[at : at + chance.choice((4, 40, 400))]
        elif what == 5:
            del data[start:]
        else:
            data[start:start] = chance.choice(INTERESTING)


def report(fuzzer: Fuzzer, save: Path | None) -> int:
    """Say what was found; gives the exit code."""
    print(f"{fuzzer.runs:,} inputs, {len(fuzzer.words):,} different outcomes")
    for number, (told, failure) in enumerate(fuzzer.failures.items(), start=1):
        print(f"\n{number}. {told} with {failure.name}, {len(failure.content):,} bytes:")
        print(failure.content[:400])
        print(failure.trace)
        if save:
            save.mkdir(parents=True, exist_ok=True)
            (save / f"{number}-{failure.name}").write_bytes(failure.content)
    return 1 if fuzzer.failures else 0


def seeds(named: Sequence[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """A corpus to begin with: each seed, and nothing at all under its name."""
    return [*named, *((name, b"") for name, _ in named)]


def from_command_line(
    about: str | None, only: str, make: Callable[[str, random.Random], Fuzzer]
) -> int:
    """Fuzz as the arguments say. only: what `--only` means; make: the fuzzer of what it names."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=None, help="The same seed, the same inputs.")
    parser.add_argument("--only", default="", help=only)
    parser.add_argument("--save", type=Path, help="Where inputs that failed are written to.")
    given = parser.parse_args()
    seed = given.seed if given.seed is not None else random.randrange(2**32)
    print(f"seed {seed}")
    fuzzer = make(given.only, random.Random(seed))
    fuzzer.run(given.seconds)
    return report(fuzzer, given.save)
