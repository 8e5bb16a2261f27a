"""Asks Claude something and gets an answer of a given shape in time, or says why there is none.

What may be sent, and what of an answer is believed, is decided by those who ask. Whatever people
wrote goes into the question as JSON, never into the instructions.
"""

from __future__ import annotations

import logging
import queue
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from time import monotonic
from typing import TYPE_CHECKING, Any, get_args

from pydantic import SecretStr

from pim.core import settings as app_settings

# The SDK takes longer to import than everything else together, and most processes never ask:
# so it is imported where it is used.
if TYPE_CHECKING:
    import anthropic
    from anthropic.types import Message

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AiSettings:
    """How to reach the model. model None: the newest Haiku the SDK knows. seconds: in all."""

    api_key: SecretStr
    base_url: str | None = None
    model: str | None = None
    seconds: float = 10.0

    @property
    def model_name(self) -> str:
        """The model that is asked."""
        return self.model or newest_haiku()


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. system: our instructions; text: the data; schema: of the answer's JSON."""

    system: str
    text: str
    schema: Mapping[str, Any]
    max_tokens: int


class NoAnswer(Exception):
    """There is no usable answer. code is for logs and tests, message for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def ai_settings() -> AiSettings | None:
    """How Claude is reached; None when no key is set."""
    found = app_settings()
    if found.anthropic_api_key is None or not found.anthropic_api_key.get_secret_value():
        return None
    return AiSettings(
        found.anthropic_api_key,
        found.anthropic_base_url,
        found.pim_ai_model,
        found.pim_ai_timeout_seconds,
    )


@lru_cache(maxsize=1)
def newest_haiku() -> str:
    """The Haiku with the highest version among the models the SDK lists."""
    from anthropic.types.model import Model

    names = [name for part in get_args(Model) for name in get_args(part)]
    versions = {
        name: tuple(map(int, match.groups()))
        for name in names
        if (match := re.fullmatch(r"claude-haiku-(\d+)-(\d+)", name))
    }
    return str(max(versions, key=lambda name: versions[name]))


def ask_claude(settings: AiSettings, questions: Sequence[Question]) -> list[str]:
    """The answers as JSON texts, in the order of the questions, which are asked side by side.

    Raises NoAnswer when one of them can't be had in time.
    """
    import anthropic

    results: queue.Queue[tuple[int, str | NoAnswer]] = queue.Queue()
    # The SDK's timeout is per read: a server that dribbles would never reach it. So each request
    # has a thread, and we stop waiting when the time is up.
    with anthropic.Anthropic(
        api_key=settings.api_key.get_secret_value(),
        base_url=settings.base_url,
        timeout=settings.seconds,
        max_retries=0,
    ) as client:
        for place, question in enumerate(questions):
            threading.Thread(
                target=_ask_into,
                args=(results, place, client, settings.model_name, question),
                daemon=True,
                name="ask-claude",
            ).start()
        return _collect(results, len(questions), settings.seconds)


def _collect(
    results: queue.Queue[tuple[int, str | NoAnswer]], expected: int, seconds: float
) -> list[str]:
    deadline = monotonic() + seconds
    answers = [""] * expected
    for _ in range(expected):
        try:
            place, result = results.get(timeout=max(0.0, deadline - monotonic()))
        except queue.Empty:
            raise NoAnswer("slow", f"Claude took longer than {seconds:g} seconds") from None
        if isinstance(result, NoAnswer):
            raise result
        answers[place] = result
    return answers


def _ask_into(
    results: queue.Queue[tuple[int, str | NoAnswer]],
    place: int,
    client: anthropic.Anthropic,
    model: str,
    question: Question,
) -> None:
    try:
        results.put((place, _ask(client, model, question)))
    except NoAnswer as reason:
        results.put((place, reason))
    except Exception:
        if not client.is_closed():  # closed: nobody waits for this answer any more
            log.exception("claude_request_failed")
        results.put((place, NoAnswer("failed", "Asking Claude failed")))


def _ask(client: anthropic.Anthropic, model: str, question: Question) -> str:
    import anthropic

    try:
        message = client.messages.create(
            model=model,
            max_tokens=question.max_tokens,
            system=question.system,
            messages=[{"role": "user", "content": question.text}],
            output_config={"format": {"type": "json_schema", "schema": dict(question.schema)}},
            # Haiku thinks before it answers unless told not to; here that only costs time.
            thinking={"type": "disabled"} if "haiku" in model else anthropic.omit,
        )
    except anthropic.APITimeoutError as error:
        raise NoAnswer("slow", "Claude took too long to answer") from error
    except anthropic.APIConnectionError as error:
        raise NoAnswer("unreachable", "Claude could not be reached") from error
    except anthropic.APIStatusError as error:
        raise _of_status(error.status_code, model) from error
    except (anthropic.AnthropicError, ValueError) as error:
        raise malformed() from error
    return _text_of(message)


def malformed() -> NoAnswer:
    """What is said of an answer that doesn't have the shape it was to have."""
    return NoAnswer("malformed", "Claude's answer could not be read")


def _of_status(status: int, model: str) -> NoAnswer:
    """The API's own words stay out of it: they may repeat what was sent."""
    said = {
        401: "Claude did not accept the key",
        403: "the key may not use Claude",
        404: f"Claude's API has no model called {model}",
        413: "the question is too much for Claude at once",
        429: "Claude's rate limit is reached for now",
        529: "Claude is overloaded at the moment",
    }.get(status)
    if said is None:
        said = "Claude's API failed" if status >= 500 else "Claude's API refused the request"
    return NoAnswer(f"http_{status}", f"{said} ({status})")


def _text_of(message: Message) -> str:
    reason = getattr(message, "stop_reason", None)
    if reason == "refusal":
        raise NoAnswer("refusal", "Claude declined to answer")
    if reason in ("max_tokens", "model_context_window_exceeded"):
        raise NoAnswer("cut_off", "Claude's answer was cut off")
    blocks = getattr(message, "content", None) or []
    return "".join(block.text for block in blocks if getattr(block, "type", None) == "text")
