# Two commands for a fresh machine with Python 3.11 (or newer) and nothing else:
#   make demo   sets up, compiles the example and runs it on a real photograph
#   make test   sets up and passes the tests
# Both work in a virtual environment of the project's own, .venv.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test test-all check golden clean

demo: $(VENV)/.installed
	$(BIN)/procdsl compile examples/classifier/classifier.proc -o build
	$(BIN)/python examples/classifier/demo.py

test: check
	$(BIN)/python -m pytest -n 2

# The exhaustive checks, too: a thousand random pipelines, large pictures.
test-all: check
	$(BIN)/python -m pytest -n 2 -m ""

check: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Writes the generated files of tests/golden anew, after a change that was meant.
golden: $(VENV)/.installed
	for source in tests/golden/*/*.proc; do $(BIN)/procdsl compile $$source || exit 1; done

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) build dist
