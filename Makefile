# How to start, test and check taktvoll. `make` alone lists the targets.
# Each step of the set-up leaves a stamp in .venv/.stamps and is done again only when what it depends on changed.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

# Where public data sets lie that are not part of the project (make measure, make train).
SHARED ?= ../shared

VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input

# The first Python on PATH that is new enough; `make setup PYTHON=python3.13` chooses another.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)

# A virtual environment breaks when its folder is moved or its Python goes: then it is made anew.
$(shell test -x $(BIN)/python && test "$$(cat $(STAMPS)/venv 2>/dev/null)" = '$(CURDIR)' || rm -rf $(STAMPS))

# $(call install,FILE): install pinned, hashed packages and say how far it is, one package a line (on a terminal: one line).
define install
total=$$(grep -c '==' $(1)); tty=0; if test -t 1; then tty=1; fi
$(PIP) install --require-hashes -r $(1) | awk -v total="$$total" -v tty="$$tty" '
	/^Collecting/ { n += 1; line = sprintf("    %d of at most %d: %s", n, total, $$2)
		if (tty) printf "\r\033[K%s", line; else print line; fflush() }
	/^Installing/ { line = "    unpacking"
		if (tty) printf "\r\033[K%s\n", line; else print line; fflush() }
	END { if (tty) printf "\r\033[K" }'
endef

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(STAMPS)/project ## make taktvoll ready to run, in .venv (quick when nothing changed)
	@:

.PHONY: up
up: setup ## start taktvoll
	@exec $(BIN)/taktvoll up

.PHONY: test
test: $(STAMPS)/test browser mailserver ## run all tests, real browser and mail server included (ARGS='tests/domain -k x': some)
	@export TAKTVOLL_TEST_CHROMIUM="$$(cat $(STAMPS)/browser)"
	if test -n '$(ARGS)'; then exec $(BIN)/python -m pytest $(ARGS); fi
	# Browsers and products leave a core half idle: what needs neither runs beside them, and reports afterwards.
	report=$$(mktemp); failed=0
	$(BIN)/python -m pytest --ignore=tests/acceptance >"$$report" 2>&1 & beside=$$!
	trap 'kill $$beside 2>/dev/null || true; rm -f "$$report"' EXIT
	echo '==> tests/acceptance; all other tests run beside them and report at the end'
	$(BIN)/python -m pytest tests/acceptance || failed=1
	echo '==> all other tests'
	wait $$beside || failed=1
	cat "$$report"
	exit $$failed

.PHONY: check
check: $(STAMPS)/check ## check format, lint, types, import contracts and tidiness
	@echo '==> format'; $(BIN)/ruff format --check .
	echo '==> lint'; $(BIN)/ruff check .
	echo '==> types'; $(BIN)/mypy
	echo '==> import contracts'; $(BIN)/lint-imports --no-logo
	echo '==> tidiness'; $(BIN)/python -m pytest -q tests/tidy
	echo '==> docs'; $(BIN)/python docs/generate.py --check

.PHONY: docs
docs: setup ## write docs/reference.md from the code
	@$(BIN)/python docs/generate.py

.PHONY: format
format: $(STAMPS)/check ## bring code into the form that make check asks for
	@$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: bench
bench: setup ## measure speed on this machine (minutes; ARGS=--quick: some)
	@$(BIN)/python bench/run.py $(ARGS)
	PYTHONPATH=bench $(BIN)/python -m desk.live $(filter --quick,$(ARGS))

.PHONY: measure
measure: setup ## measure the quality of answers and topics on public data sets kept beside the checkout
	@$(BIN)/python bench/measure.py --shared $(SHARED) $(ARGS)
	$(BIN)/python bench/measure_signals.py --shared $(SHARED)
	$(BIN)/python bench/measure_topics.py --shared $(SHARED)

.PHONY: train
train: setup ## make the weights that the package ships anew (hours; SHARED=folder of public data sets)
	@$(PIP) install --quiet --editable '.[train]'
	$(BIN)/python training/encoder/run.py --shared $(SHARED)
	$(BIN)/python training/search/fit.py $(SHARED) --write

.PHONY: train-signals
train-signals: setup ## make the weights of the signals anew (minutes; SHARED=folder of public data sets)
	@$(PIP) install --quiet --editable '.[train]'
	$(BIN)/python training/signals/train.py --shared $(SHARED)

.PHONY: chaos
chaos: $(STAMPS)/test mailserver ## kill processes in the middle and see that nothing is lost (minutes)
	@$(BIN)/python -m pytest tests/chaos $(ARGS)

.PHONY: clean
clean: ## remove what setup, tests and checks made; never the data of a taktvoll
	@rm -rf $(VENV) dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests bench examples -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# --- the set-up, in the order it runs ---

$(STAMPS)/venv:
	@if test -z "$(PYTHON)"; then
		echo 'taktvoll needs Python 3.11 or newer. On Debian 12, Ubuntu 24.04 or newer: sudo apt-get install python3' >&2; exit 1
	fi
	if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then
		package=$$($(PYTHON) -c 'import sys; print(f"python{sys.version_info[0]}.{sys.version_info[1]}-venv")')
		if test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then
			echo "==> installing $$package, which $(PYTHON) -m venv needs"
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$$package" >/dev/null
		else
			echo "Python's venv module is missing. Run this once, then make again:  sudo apt-get install $$package" >&2; exit 1
		fi
	fi
	echo "==> making $(VENV) with $$($(PYTHON) --version)"
	$(PYTHON) -m venv --clear $(VENV)
	mkdir -p $(STAMPS)
	printf '%s' '$(CURDIR)' > $@

$(STAMPS)/base: requirements/base.txt | $(STAMPS)/venv
	@echo '==> installing what taktvoll runs on (about 120 MB to fetch the first time)'
	$(call install,requirements/base.txt)
	touch $@

$(STAMPS)/project: pyproject.toml $(STAMPS)/base
	@echo '==> installing taktvoll'
	$(PIP) install --quiet --no-deps --no-build-isolation --no-index --editable .
	touch $@
	echo '==> ready: $(BIN)/taktvoll'

$(STAMPS)/test: requirements/test.txt $(STAMPS)/project
	@echo '==> installing what the tests need (about 55 MB to fetch the first time)'
	$(call install,requirements/test.txt)
	touch $@

$(STAMPS)/check: requirements/check.txt $(STAMPS)/test
	@echo '==> installing what the checks need (about 30 MB to fetch the first time)'
	$(call install,requirements/check.txt)
	touch $@

# Where a Chromium that runs can be found; a package that only points to a snap does not run in a container and is passed over.
define find_browser
for candidate in chromium chromium-browser google-chrome google-chrome-stable \
	"$${PLAYWRIGHT_BROWSERS_PATH:-$$HOME/.cache/ms-playwright}"/chromium-*/chrome-linux*/chrome; do
	path=$$(command -v "$$candidate") && "$$path" --version >/dev/null 2>&1 && printf '%s' "$$path" && break
done || true
endef

.PHONY: browser
browser: $(STAMPS)/test
	@find_browser() { $(find_browser); }
	found=$$(find_browser)
	if test -z "$$found" && test "$$(id -u)" = 0 && command -v apt-get >/dev/null && grep -q '^ID=debian' /etc/os-release; then
		echo '==> installing Chromium for the browser tests (about 100 MB)'
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null || true
		found=$$(find_browser)
	fi
	if test -z "$$found"; then
		echo '==> fetching Chromium for the browser tests (about 180 MB)'
		system=(); if test "$$(id -u)" = 0; then system=(--with-deps); fi
		$(BIN)/python -m playwright install "$${system[@]}" chromium || true
		found=$$(find_browser)
	fi
	if test -z "$$found"; then
		echo 'The browser tests need Chromium. Run this once, then make test again:  sudo apt-get install chromium' >&2; exit 1
	fi
	printf '%s' "$$found" > $(STAMPS)/browser

# The tests start their own dovecot as an ordinary user; the one that Debian would start beside it is not wanted.
.PHONY: mailserver
mailserver:
	@find_dovecot() { PATH="$$PATH:/usr/sbin" command -v dovecot; }
	if ! find_dovecot >/dev/null && test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then
		echo '==> installing dovecot for the tests of mail (about 10 MB)'
		apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq dovecot-imapd >/dev/null || true
	fi
	if ! find_dovecot >/dev/null; then
		echo 'The tests of mail need dovecot. Run this once, then make test again:  sudo apt-get install dovecot-imapd' >&2; exit 1
	fi

# --- pins ---

# Keeps the pins that still fit; `make requirements UPGRADE=--upgrade` moves all. Releases younger than a week wait: one that
# turns out to be hijacked is usually gone by then. Hosts and paths stay out of the files.
.PHONY: requirements
requirements: ## write requirements/*.txt anew from pyproject.toml
	@tools=$$(mktemp -d); trap 'rm -rf "$$tools"' EXIT
	echo '==> installing uv in a throwaway environment'
	$(PYTHON) -m venv "$$tools" && "$$tools/bin/pip" install --quiet --disable-pip-version-check uv
	compile() {
		echo "==> $$1"
		"$$tools/bin/uv" pip compile pyproject.toml --quiet --no-config --universal --python-version 3.11 --generate-hashes \
			--no-header --no-emit-index-url --exclude-newer '7 days' $(UPGRADE) --output-file "$$@" >/dev/null
		sed -i '1i # Made by make requirements from pyproject.toml; do not edit.' "$$1"
	}
	compile requirements/base.txt --group build
	compile requirements/test.txt --group build --extra test --constraints requirements/base.txt
	compile requirements/check.txt --group build --extra test --extra check --constraints requirements/test.txt
