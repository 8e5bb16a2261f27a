"""Passwords: what is kept, what is accepted, and that a look-up tells nothing by its time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type
from hypothesis import given, settings
from hypothesis import strategies as st

from pim.core.errors import Invalid
from pim.identity import passwords

FAST = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def fast() -> Iterator[None]:
    """Parameters that are no protection but quick."""
    with hashing_with(FAST):
        yield


@contextmanager
def hashing_with(hasher: PasswordHasher) -> Iterator[None]:
    original, passwords._hasher = passwords._hasher, hasher
    passwords._decoy.cache_clear()
    yield
    passwords._hasher = original
    passwords._decoy.cache_clear()


def test_passwords_are_kept_as_argon2id_with_sound_parameters() -> None:
    """At least the second recommendation of RFC 9106."""
    kept = passwords.hash_password("correct horse battery")
    parameters = extract_parameters(kept)
    assert parameters.type is Type.ID
    assert parameters.memory_cost >= 64 * 1024
    assert parameters.time_cost >= 3
    assert "correct" not in kept


def test_the_same_password_is_kept_differently_each_time(fast: None) -> None:
    assert passwords.hash_password("correct horse") != passwords.hash_password("correct horse")


@settings(max_examples=50, deadline=None)
@given(st.text(min_size=1, max_size=60))
def test_any_text_may_be_a_password(password: str) -> None:
    with hashing_with(FAST):
        kept = passwords.hash_password(password)
        assert passwords.is_correct(password, kept)
        assert not passwords.is_correct(password + "x", kept)


def test_a_missing_account_costs_the_same_work_as_a_wrong_password() -> None:
    """One verification against a hash with the same parameters, either way."""
    seen: list[str] = []

    class Watched(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
            seen.append(str(hash))
            return super().verify(hash, password)

    with hashing_with(Watched()):
        kept = passwords.hash_password("correct horse battery")
        assert not passwords.is_correct("wrong", kept)
        assert not passwords.is_correct("wrong", None)
    assert len(seen) == 2
    assert extract_parameters(seen[0]) == extract_parameters(seen[1])


def test_no_password_fits_a_missing_account(fast: None) -> None:
    assert not passwords.is_correct("", None)
    assert not passwords.is_correct("correct horse battery", None)


def test_a_broken_hash_lets_nobody_in(fast: None) -> None:
    assert not passwords.is_correct("x", "!")
    assert not passwords.is_correct("", "")


def test_a_hash_made_with_other_parameters_wants_a_new_one() -> None:
    assert passwords.needs_new_hash(FAST.hash("correct horse"))
    assert not passwords.needs_new_hash(passwords.hash_password("correct horse"))


@pytest.mark.parametrize("password", ["", "short", "x" * 9, "x" * 1001, " ADA@example.com"])
def test_a_password_that_will_not_do_is_refused(password: str) -> None:
    with pytest.raises(Invalid):
        passwords.check_is_acceptable(password, "ada@example.com")


@pytest.mark.parametrize("password", ["x" * 10, "x" * 1000, "пароль-пароль", "a b c d e f g"])
def test_a_password_needs_length_and_nothing_else(password: str) -> None:
    passwords.check_is_acceptable(password, "ada@example.com")


def test_a_password_made_here_can_be_read_out() -> None:
    made = {passwords.readable_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        assert re.fullmatch(r"[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){3}", password)
        passwords.check_is_acceptable(password, "ada@example.com")
