# Two commands are enough: `make run` and `make test`. The others are for those who work on Xiaoer.
VENV := .venv
PYTHON ?= python3
BIN := $(VENV)/bin
# What is never imported need not be compiled: that would take a third of the time.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --constraint constraints.txt
PACKS := shop_zh shop_en
# What is written by two at once comes in one piece, where make can do that (from 4.0 on).
BESIDE := $(MAKE) --no-print-directory $(if $(filter output-sync,$(.FEATURES)),--output-sync)

.DEFAULT_GOAL := help
.PHONY: help run test check browser browsed coverage bench docs clean

help:
	@echo "make run    install into $(VENV) and serve the demo shop on http://127.0.0.1:$${XIAOER_PORT:-8000}"
	@echo "make test   install what testing needs and run all checks and tests"
	@echo "make coverage  the tests again, with the share of the code that they run"
	@echo "make check  format, lint, types, layers: seconds"
	@echo "make bench  measure speed and accuracy; writes bench/results/ and docs/reference/"
	@echo "make docs   build the documentation into docs/_build/html"
	@echo "make clean  remove what the other targets made"

# The installer that comes with Python may be years old: a newer one takes three quarters of its time.
$(BIN)/python:
	$(PYTHON) -m venv $(VENV)
	@$(INSTALL) --retries 0 --upgrade pip || echo "The installer stays as it is."

# Each stamp says which extras are installed, for this state of the project's dependencies.
$(VENV)/.serving: pyproject.toml constraints.txt | $(BIN)/python
	$(INSTALL) --editable .
	@touch $@

$(VENV)/.testing: pyproject.toml constraints.txt $(VENV)/.serving
	$(INSTALL) --editable '.[dev,docs]'
	@touch $@

run: $(VENV)/.serving
	@exec $(BIN)/xiaoer up

# Stages with something for each of two cores to do.
test:
	$(BESIDE) --jobs 2 $(VENV)/.testing browser
	$(BESIDE) --jobs 2 check $(PACKS:%=trained-%)
# Whole stretches go to one process, which makes what its tests share once; the quick one takes over from the other.
# A thread each: small networks take longer where two processes quarrel over the cores.
	OMP_NUM_THREADS=1 $(BIN)/pytest --numprocesses 2 --dist worksteal --ignore tests/browser
# Browsers wait most of the time: beside them the packs are talked to.
	$(BESIDE) --jobs 3 browsed $(PACKS:%=talked-%)

trained-%: $(VENV)/.testing
	$(BIN)/xiaoer pack lint packs/$*
	$(BIN)/xiaoer train packs/$*

talked-%: $(VENV)/.testing
	$(BIN)/xiaoer test packs/$*
	$(BIN)/xiaoer test packs/$* --vanishing --every 6

# Playwright keeps an event loop running in its process, where no asynchronous test can run.
browsed: $(VENV)/.testing
	$(BIN)/pytest tests/browser

# Apart from `test`: counting the lines that are run takes the tests twice as long.
coverage: $(VENV)/.testing
	$(BIN)/pytest --numprocesses 2 --ignore tests/browser --cov --cov-report=term:skip-covered

check: $(VENV)/.testing
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

# The browser tests need Chromium; as root on Debian it is installed, elsewhere the message says how.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || tools/install-chromium

bench: $(VENV)/.testing
	$(BIN)/python -m bench.all

docs: $(VENV)/.testing
	$(BIN)/python docs/generate.py
	$(BIN)/sphinx-build -W -q -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

clean:
	rm -rf $(VENV) var build dist docs/_build htmlcov .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
