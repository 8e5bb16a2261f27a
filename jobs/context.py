"""The application a job runs in, made by the process that runs it.

A work horse is a fork. Engines and clients don't survive one, so the application is made after
it; in a process that has one already (a test, a command) the job joins that.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

from flask import Flask, has_app_context

P = ParamSpec("P")
R = TypeVar("R")


def in_app(job: Callable[P, R]) -> Callable[P, R]:
    """Run a job inside the application's context."""

    @wraps(job)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if has_app_context():
            return job(*args, **kwargs)
        with _application(os.getpid()).app_context():
            return job(*args, **kwargs)

    return run


@lru_cache(maxsize=1)
def _application(process: int) -> Flask:
    """The application of this process; another process's is never used."""
    from pim import create_app

    return create_app()
