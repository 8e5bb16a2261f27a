"""A real local server that answers as the Messages API does, well or badly.

with messages_api() as api:
    api.will_map({"Title": ("name", "string", 0.9)})
    suggest(..., ai=api.settings())
    assert api.requests[0].body["model"]
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from pydantic import SecretStr

from pim.core.claude import AiSettings

KEY = "sk-ant-test-0123456789"


@dataclass(frozen=True)
class Received:
    """One request as the server got it."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def question(self) -> dict[str, Any]:
        """What the user message says."""
        found: dict[str, Any] = json.loads(self.body["messages"][0]["content"])
        return found


@dataclass
class Answer:
    """What the server sends: status, headers and body, after a pause, maybe byte by byte."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0
    dribble: float = 0.0


Answering = Callable[[Received], Answer]


@dataclass
class MessagesApi:
    """The server, from the test's side."""

    url: str
    requests: list[Received] = field(default_factory=list)
    answering: Answering = lambda received: an_error(500, "api_error")

    def settings(self, *, seconds: float = 10.0, model: str | None = None) -> AiSettings:
        """How the app reaches this server."""
        return AiSettings(SecretStr(KEY), self.url, model, seconds)

    def will(self, answer: Answer | Answering) -> None:
        """Answer every request like this from now on."""
        self.answering = answer if callable(answer) else lambda _: answer

    def will_map(self, targets: dict[str, tuple[str | None, str, float]]) -> None:
        """Answer with these targets, types and confidences by header, as the model would."""

        def answer(received: Received) -> Answer:
            columns = [
                {
                    "column": column["column"],
                    "target": targets[column["header"]][0],
                    "type": targets[column["header"]][1],
                    "confidence": targets[column["header"]][2],
                    "reason": f"{column['header']} looks like it",
                }
                for column in received.question["columns"]
                if column["header"] in targets
            ]
            return a_message(json.dumps({"columns": columns}))

        self.will(answer)


def a_message(text: str, stop_reason: str = "end_turn", **more: Any) -> Answer:
    """A message with one block of text."""
    message = {
        "id": "msg_test",
        "type": "message",
        "role": "assistant",
        "model": "claude-haiku",
        "content": [{"type": "text", "text": text}] if text else [],
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "usage": {"input_tokens": 10, "output_tokens": 10},
        **more,
    }
    return Answer(json.dumps(message).encode())


def a_refusal() -> Answer:
    """The model declines: status 200, and a reason to stop that says so."""
    details = {"type": "refusal", "category": None, "explanation": None}
    return a_message("", "refusal", stop_details=details)


def an_error(status: int, kind: str, **headers: str) -> Answer:
    """An error in the API's own shape."""
    body = {
        "type": "error",
        "error": {"type": kind, "message": f"something about {KEY}"},
        "request_id": "req_test",
    }
    return Answer(json.dumps(body).encode(), status, headers)


@contextmanager
def messages_api() -> Iterator[MessagesApi]:
    """Run the server on the loopback for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            received = Received(
                self.path,
                {name.lower(): value for name, value in self.headers.items()},
                json.loads(self.rfile.read(length)),
            )
            api.requests.append(received)
            answer = api.answering(received)
            time.sleep(answer.pause)
            try:
                self._send(answer)
            except OSError:
                self.close_connection = True  # the client gave up, as it should

        def _send(self, answer: Answer) -> None:
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer.body)))
            for name, value in answer.headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            if not answer.dribble:
                self.wfile.write(answer.body)
                return
            for byte in answer.body:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(answer.dribble)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    api = MessagesApi(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
