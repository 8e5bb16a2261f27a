"""A look at a file that has just come: how it is written, and where its columns should go."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from pim.core import settings
from pim.core.claude import ai_settings
from pim.core.db import transaction
from pim.core.errors import FieldError, Invalid
from pim.core.storage import Readable, StoredFile, storage
from pim.imports.files import open_reader, source_to_look_into
from pim.imports.memory import Memory
from pim.imports.profile import Profile, profile_file
from pim.imports.profile_rules import Applied
from pim.imports.profiles import suggested_by
from pim.imports.readers.base import Detection, FileProblem, Overrides
from pim.imports.remembering import remembered_columns
from pim.imports.shapes.hints import spoken_for
from pim.imports.sniff import detect
from pim.imports.speed import rarely_collecting
from pim.imports.suggest import suggest
from pim.imports.suggestion import Suggestions
from pim.schema.fields import Vocabulary

MAX_FILENAME = 200


@dataclass(frozen=True, slots=True)
class Examined:
    """A stored file and everything found out about it."""

    filename: str
    stored: StoredFile
    detection: Detection
    profile: Profile
    suggestions: Suggestions
    source_url: str | None = None
    applied: Applied | None = None


def receive_file(
    stream: Readable,
    filename: str,
    vocabulary: Vocabulary,
    overrides: Overrides | None = None,
    mapping_profile: str = "",
) -> Examined:
    """Store an uploaded file and look at it. Needs no transaction and may take ten seconds.

    mapping_profile: the name of the saved mapping that suggests. Raises TooLarge, or Invalid
    saying where the file can't be read; then nothing is kept.
    """
    stored = storage().save(stream, limit=settings().pim_max_upload_bytes)
    return examine_stored(stored, filename, vocabulary, overrides, mapping_profile)


def examine_stored(
    stored: StoredFile,
    filename: str,
    vocabulary: Vocabulary,
    overrides: Overrides | None = None,
    mapping_profile: str = "",
) -> Examined:
    """Look at a file that has just been stored; if that fails it isn't kept."""
    try:
        return examine(stored, filename, vocabulary, overrides, mapping_profile)
    except BaseException:
        storage().delete(stored.key)
        raise


def examine(
    stored: StoredFile,
    filename: str,
    vocabulary: Vocabulary,
    overrides: Overrides | None = None,
    mapping_profile: str = "",
) -> Examined:
    """Find out how a stored file is written and where its columns should go.

    mapping_profile: the name of the saved mapping that suggests; Invalid when there is none.
    """
    name = clean_filename(filename)
    try:
        source = source_to_look_into(stored.key, name, stored.size)
        detection = detect(source, _at_home(overrides, vocabulary))
        with rarely_collecting(), closing(open_reader(source, detection.dialect)) as reader:
            profile = profile_file(detection.headers, reader.batches())
        profile = replace(
            profile, spoken_for=spoken_for(detection.dialect, vocabulary.default_currency)
        )
    except FileProblem as problem:
        raise as_invalid(problem) from problem
    with transaction():
        memory, applied = _known_before(detection.headers, mapping_profile)
    suggestions = suggest(
        detection.headers, detection.sample_rows, vocabulary, profile, ai_settings(), memory
    )
    return Examined(name, stored, detection, profile, suggestions, applied=applied)


def _known_before(headers: Sequence[str], mapping_profile: str) -> tuple[Memory, Applied | None]:
    """What a saved mapping says, if one is chosen, and what is remembered."""
    if mapping_profile:
        return suggested_by(mapping_profile, headers)
    return remembered_columns(headers), None


def _at_home(overrides: Overrides | None, vocabulary: Vocabulary) -> Overrides:
    """The tenant's own language and currency come first where a file has several."""
    return replace(
        overrides or Overrides(),
        home_locale=vocabulary.default_locale,
        home_currency=vocabulary.default_currency,
        home_prices=next(
            (known.name for known in vocabulary.fields if known.type == "multi_price"), None
        ),
    )


def as_invalid(problem: FileProblem) -> Invalid:
    """What is wrong with a file, as the pages and the API tell it: with its place."""
    field = f"/{problem.field}" if problem.field else "/file"
    invalid = Invalid([FieldError(field, problem.code, problem.message)])
    invalid.extra = {
        name: value
        for name, value in (
            ("byte", problem.byte),
            ("line", problem.line),
            ("column", problem.column),
        )
        if value is not None
    }
    return invalid


def clean_filename(filename: str) -> str:
    """The last part of a file's name, printable and not endless; never used as a path."""
    name = filename.replace("\\", "/").rpartition("/")[2]
    name = "".join(char if char.isprintable() else " " for char in name).strip()
    return name[:MAX_FILENAME] or "file"
