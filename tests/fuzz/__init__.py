"""Fuzzing: inputs made at random for as long as one likes. `docs/fuzzing.md` says how to run it."""
