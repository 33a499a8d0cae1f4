# Two commands: `make run` starts the bot on this machine, `make test` checks everything.
# Both set up what they need in .venv; nothing else on the machine is touched.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: run test lint content clean

run: $(READY)
	$(BIN)/wxbot demo

# Everything that is quick first; pytest's summary comes last.
test: $(READY)
	$(MAKE) -j 2 lint content
	$(BIN)/python -m pytest

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Dialogs mostly wait, and leave a core to the linters.
content: $(READY)
	$(BIN)/wxbot check --strict
	$(BIN)/wxbot test

$(READY): pyproject.toml deploy/constraints.txt deploy/install
	PYTHON="$(PYTHON)" sh deploy/install "$(VENV)"
	@touch $@

clean:
	rm -rf $(VENV) .wxbot .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info
