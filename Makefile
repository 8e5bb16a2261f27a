# `make help` lists everything. All that is needed: make and Python 3.11 or newer.

SHELL := /bin/sh
PYTHON ?= $(firstword $(foreach name,python3 python,$(shell command -v $(name) 2>/dev/null)))
BIN := .venv/bin
WORKERS ?= logical
# Where it is set, each of the many processes of a run compiles every module anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test check bench bench-mapping bench-import bench-segments format lock clean set-up set-up-dev

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: set-up ## Start everything; PORT (8000) and PIM_HOME (.pim) say where
	@exec $(BIN)/python -I -S pim/devservices/launch.py -- $(BIN)/python -m pim.devservices run

test: set-up-dev ## Run all tests, in parallel; ARGS adds options of pytest
	@$(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 8 --dist loadfile \
		--no-loadscope-reorder $(ARGS)

check: set-up-dev ## Lint, formatting, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: set-up-dev ## Run the benchmarks; BENCH=name for one
	@for name in $(or $(BENCH),$(basename $(notdir $(wildcard bench/[a-z]*.py)))); do \
		echo "== $$name"; $(BIN)/python -m bench.$$name || exit 1; \
	done

bench-mapping: ## How often mapping suggestions are right without a key; needs the shared catalogs
	@$(MAKE) --no-print-directory bench BENCH=mapping

bench-import: ## How fast imports are, against a floor measured in the same run
	@$(MAKE) --no-print-directory bench BENCH=imports

bench-segments: ## How fast rules, previews and segments are on a million products
	@$(MAKE) --no-print-directory bench BENCH=segments

format: set-up-dev ## Format the code and mend what the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --quiet
lock: ## Pin the dependencies again after a change of pyproject.toml (needs uv)
	@command -v uv >/dev/null || { echo "uv is needed for this: pip install uv"; exit 1; }
	$(LOCK) pyproject.toml requirements/build.in --extra services -o requirements/run.lock
	$(LOCK) pyproject.toml requirements/build.in --extra services --extra dev \
		-c requirements/run.lock -o requirements/dev.lock

clean: ## Remove the virtual environment, fetched files and caches; keep the data
	rm -rf .venv pim/static/vendor .pytest_cache .mypy_cache .ruff_cache .hypothesis
	rm -rf .import_linter_cache build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

set-up:
	@$(or $(PYTHON),$(error There is no python3 in the PATH; Python 3.11 or newer is needed)) pim/devservices/setup.py run

set-up-dev:
	@$(or $(PYTHON),$(error There is no python3 in the PATH; Python 3.11 or newer is needed)) pim/devservices/setup.py dev
