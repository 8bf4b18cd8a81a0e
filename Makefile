# What a person types. Each target does the set-up it needs by itself; a second run does not
# install again (the stamps in .venv/ are newer than the requirements).
PYTHON ?= python3
PY := .venv/bin/python
RUN_STAMP := .venv/.run-ready
DEV_STAMP := .venv/.dev-ready
DASHBOARD_STAMP := .venv/.dashboard-ready
# Tests wait for pages and limits more than they compute: two for each of two cores, and one more.
PYTEST_WORKERS ?= 5

# Where this is set, each of hundreds of runs compiles the whole project anew.
export PYTHONDONTWRITEBYTECODE =

.PHONY: install install-dev demo test quick lint format bench look docs clean

install: $(RUN_STAMP)

install-dev: $(DEV_STAMP)

$(RUN_STAMP): requirements.txt tools/setup.sh
	@PYTHON="$(PYTHON)" sh tools/setup.sh requirements.txt
	@touch $@

$(DEV_STAMP): requirements.txt requirements-dashboard.txt requirements-dev.txt tools/setup.sh
	@PYTHON="$(PYTHON)" sh tools/setup.sh requirements-dev.txt
	@touch $(RUN_STAMP) $(DASHBOARD_STAMP) $@

# What `scrapy dashboard` needs besides; the demo runs without it too.
$(DASHBOARD_STAMP): $(RUN_STAMP) requirements-dashboard.txt
	-@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dashboard.txt && touch $@

# Leaves the files in demo/; its last line opens them in the dashboard.
demo: $(RUN_STAMP) $(DASHBOARD_STAMP)
	@$(PY) -m scrapy demo

test: $(DEV_STAMP)
	@$(PY) tools/run_tests.py -n $(PYTEST_WORKERS) --dist loadfile --no-loadscope-reorder

# For the inner loop: all that needs no browser and no server (those of the sandbox do).
quick: lint
	@$(PY) -m pytest -q -n $(PYTEST_WORKERS) --ignore tests/unit/sandbox tests/unit tests/policy

lint: $(DEV_STAMP)
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy

format: $(DEV_STAMP)
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .

bench: $(DEV_STAMP)
	@$(PY) -m benchmarks

look: $(DEV_STAMP)
	@$(PY) -m tools.look

# Only files of that package are read (Redoc's script): what it would need to run is left out.
docs: $(DEV_STAMP)
	@$(PY) -m pip install --quiet --no-deps 'drf-spectacular-sidecar>=2026.10,<2027'
	@$(PY) tools/docs.py build/api.html

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache htmlcov .coverage* build *.egg-info
