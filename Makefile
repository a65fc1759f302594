# Five commands for a fresh machine with Python 3.11 (or newer) and nothing else:
#   make demo       sets up, compiles the example, and serves a real photograph from its model file
#   make training   sets up, and trains with a DataLoader in two ways that agree to the bit
#   make mistakes   sets up, trains on photographs, serves each model file, and measures eight mistakes
#   make baked      sets up, bakes three models in three formats, and serves them without procdsl
#   make test       sets up and passes the tests
# All work in a virtual environment of the project's own, .venv.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin

# `make bench` measures, in an environment of its own (.venv-bench), against what else there is.
BENCH := .venv-bench
# `make test-integrations` tests model files with the libraries of their formats, and trackers
# (.venv-integrations).
INTEGRATIONS := .venv-integrations
WORKLOADS := imagenet_cv2 imagenet_pil letterbox batch fixed_cost self_check loader busy torch_batch detector_post detector_nms labels graph_sizes compile_cost

.PHONY: demo training mistakes baked test test-all fuzz test-integrations check golden cuda bundle libraries bench clean

demo: $(VENV)/.installed
	$(BIN)/procdsl compile examples/classifier/classifier.proc -o build
	$(BIN)/python examples/classifier/model.py build/classifier.pt2
	$(BIN)/procdsl embed examples/classifier/classifier.proc build/classifier.pt2
	$(BIN)/python examples/classifier/demo.py

training: $(VENV)/.installed
	$(BIN)/procdsl compile examples/training/shapes.proc -o build
	$(BIN)/python examples/training/train.py

mistakes: $(VENV)/.installed
	$(BIN)/procdsl compile examples/photographs/photographs.proc -o build
	$(BIN)/python examples/photographs/train.py
	$(BIN)/python examples/photographs/serve.py
	$(BIN)/python examples/photographs/mistakes.py build/photographs.pt

baked: $(VENV)/.installed
	$(BIN)/procdsl compile examples/photographs/photographs.proc examples/baked/galaxies.proc examples/baked/stains.proc -o build
	$(BIN)/python examples/baked/bake.py
	$(BIN)/python examples/baked/serve.py

# Two processes on two processors: a thread of OpenMP that has done its part sleeps, for another one
# would wait for the processor on which it spins.
test test-all test-integrations: export OMP_WAIT_POLICY = PASSIVE

# A file stays with one process, which keeps what its tests share.
test: check
	$(BIN)/python -m pytest -n 2 --dist loadfile

# The exhaustive checks, too: a thousand random pipelines, large pictures.
test-all: check
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not libraries and not integrations"

# Model files made and loaded by the libraries of their formats, and trackers, which are large; and
# the examples and the pages on adding an op or a target, which take long.
test-integrations: $(INTEGRATIONS)/.installed
	$(INTEGRATIONS)/bin/python -m pytest -m integrations

# Ten minutes of each fuzzer; `make fuzz SECONDS=3600` is an hour.
SECONDS ?= 600
fuzz: $(VENV)/.installed
	for target in sources hints manifests models images commands pipelines; do PYTHONPATH=.:tests:templates $(BIN)/python tests/fuzzing.py $$target $(SECONDS) || exit 1; done

check: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Writes the generated files of tests/golden and what passes make of blocks anew, after a change
# that was meant.
golden: $(VENV)/.installed
	for source in tests/golden/*/*.proc; do $(BIN)/procdsl compile --force $$source || exit 1; done
	$(BIN)/python tests/pass_fixtures.py

# The cases of all ops on an accelerator, against the references, and a small benchmark: with the torch
# that DEVICE_PYTHON has, and without the compiler. `make bundle` writes what it takes along.
DEVICE_PYTHON ?= python3
BUNDLE := build/device.zip

cuda:
	$(DEVICE_PYTHON) tests/device/check.py $(BUNDLE)

bundle: $(VENV)/.installed
	$(BIN)/python tests/device/bundle.py $(BUNDLE)

# Configurations against albumentations and transformers themselves.
libraries: $(BENCH)/.installed
	$(BENCH)/bin/python -m pytest tests/test_libraries.py -m libraries -W ignore

bench: $(BENCH)/.installed
	for workload in $(WORKLOADS); do $(BENCH)/bin/python -m benchmarks.$$workload || exit 1; done
	$(BENCH)/bin/python -m benchmarks.report

$(BENCH)/.installed: pyproject.toml benchmarks/constraints.txt
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --upgrade pip
	$(BENCH)/bin/python -m pip install --quiet --constraint benchmarks/constraints.txt --editable '.[bench]'
	touch $@

$(INTEGRATIONS)/.installed: pyproject.toml tests/constraints-integrations.txt constraints.txt
	$(PYTHON) -m venv $(INTEGRATIONS)
	$(INTEGRATIONS)/bin/python -m pip install --quiet --upgrade pip
	$(INTEGRATIONS)/bin/python -m pip install --quiet --constraint constraints.txt --constraint tests/constraints-integrations.txt --editable '.[integrations]'
	touch $@

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) $(BENCH) $(INTEGRATIONS) build dist
