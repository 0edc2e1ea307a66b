# The market's verbs; `make help` lists them. Variables: PY (which Python makes .venv), PORT, MARKET_DATA, ARGS.
PY   ?= python3
# Modules compiled once start every verb sooner, wherever the environment says to keep none.
unexport PYTHONDONTWRITEBYTECODE
VENV := .venv
BIN  := $(VENV)/bin
CODE := core accounts agencies marketplace ratings search admin web migrations tests wsgi.py

ROOMS := core accounts agencies marketplace ratings search admin web

# A stamp says what is installed, so that `make run` asks pip nothing when nothing changed.
INSTALLER := $(VENV)/.installer
RUNTIME   := $(VENV)/.runtime
DEV       := $(VENV)/.dev
WORDS     := $(VENV)/.words
CATALOGUES := $(wildcard web/translations/*/LC_MESSAGES/*.po)

# uv is the quicker; pip knows a mirror or proxy that only pip was told of.
PIP_WORDS := --quiet --disable-pip-version-check --require-hashes
install = $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1) || \
	$(BIN)/python -m pip install $(PIP_WORDS) -r $(1)

.DEFAULT_GOAL := help
.PHONY: help setup run worker db revision draw reindex format lint types layers test test-postgres i18n screens bench bench-search tantivy mutants check

help: ## List the verbs
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(INSTALLER): requirements-installer.txt
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "The market needs Python 3.11 to 3.13; $(PY) is older. Say which to use: make PY=python3.12 run"; exit 1; }
	@$(PY) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "This Python cannot make a virtual environment. On Debian or Ubuntu: apt install python3-venv"; exit 1; }
	@echo "Making $(VENV)"
	@$(PY) -m venv $(VENV)
	@$(BIN)/python -m pip install $(PIP_WORDS) -r requirements-installer.txt || echo "Going on without uv, with pip alone"
	@touch $@

$(RUNTIME): requirements.txt $(INSTALLER)
	@echo "Installing what the market is built from"
	@$(call install,requirements.txt)
	@touch $@

$(DEV): requirements-dev.txt $(RUNTIME)
	@echo "Installing what the tests need"
	@$(call install,requirements-dev.txt)
	@touch $@

$(WORDS): $(CATALOGUES) $(RUNTIME)
	@if [ -n "$(CATALOGUES)" ]; then $(BIN)/pybabel --quiet compile -f -d web/translations; fi
	@touch $@

setup: $(RUNTIME) $(WORDS) ## Make .venv, install the pinned requirements, compile the catalogues

run: setup ## Start the market: prepare its data, serve the site and run the jobs
	@exec $(BIN)/python -m web.serve

worker: setup ## Run the jobs alone, as a second machine would
	@exec $(BIN)/python -m celery -A web.celery:celery worker -P threads -c 1 -l WARNING --without-gossip --without-mingle

db: setup ## Bring the database to the newest migration
	@$(BIN)/flask --app wsgi db upgrade

revision: setup ## Write a migration from the models: make revision ARGS="add quote"
	@$(BIN)/flask --app wsgi db revision $(ARGS)

draw: setup ## Draw the lifecycles into docs/lifecycles/
	@$(BIN)/flask --app wsgi draw

reindex: setup ## Rebuild the search index from the tables
	@$(BIN)/flask --app wsgi search rebuild

format: $(DEV) ## Lay out the code, and mend what ruff can mend
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lint: $(DEV) ## Check layout and rules
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: $(DEV) ## Check the types
	@$(BIN)/mypy

layers: $(DEV) ## Check who imports whom
	@$(BIN)/lint-imports --no-logo

test: $(DEV) $(WORDS) ## Run the suite on SQLite, then on PostgreSQL where one can be started
	@$(BIN)/python -m tests.suite $(ARGS)

test-postgres: $(DEV) $(WORDS) ## Run the suite on a PostgreSQL of its own
	@$(BIN)/python -m tests.suite --only postgresql $(ARGS)

i18n: $(DEV) ## Gather the sentences, bring the catalogues up to date and compile them
	@$(BIN)/pybabel --quiet extract -F pyproject.toml -k _l -k lazy_gettext --sort-by-file --no-location -o web/translations/messages.pot $(ROOMS)
	@$(BIN)/pybabel --quiet update -i web/translations/messages.pot -d web/translations --no-fuzzy-matching
	@$(BIN)/pybabel --quiet compile -f -d web/translations
	@touch $(WORDS)

screens: $(DEV) $(WORDS) ## Take the pictures of docs/screens/ from the running site
	@$(BIN)/python -m tests.screens $(ARGS)

bench: $(DEV) $(WORDS) ## Measure the CPU a page costs, beside a bare Flask route
	@$(BIN)/python -m tests.bench $(ARGS)

bench-search: $(DEV) ## Measure the search engines beside what one could install instead: make bench-search ARGS="--documents 100000"
	@$(BIN)/python -m tests.search_bench $(ARGS)

tantivy: setup ## Install the quicker embedded search engine, for SEARCH_BACKEND=tantivy
	@$(call install,requirements-tantivy.txt)

mutants: $(DEV) ## Break the fee core in one place at a time and see whether a test notices
	@rm -rf mutants
	@PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 $(BIN)/mutmut run $(ARGS)
	@$(BIN)/python -m tests.mutants

check: lint types layers test ## All that a change must pass
