# One way to set up, test and serve. Everything lands in .venv; nothing else on the machine is touched.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Two workers more than cores, since tests wait for the processes that they start: with one more, two cores idled a
# quarter of the time.
WORKERS := $(shell n=$$(nproc 2>/dev/null || echo 1); if [ $$n -lt 3 ]; then echo $$((n + 2)); else echo 4; fi)
PYTEST := $(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder
# Hundreds of processes start in a run of all tests: what one has compiled, the others need not compile again.
unexport PYTHONDONTWRITEBYTECODE
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help setup setup-dev serve build check check-fast test kills test-stores test-oxigraph test-virtuoso test-questions screenshots lint types imports locks clean \
  bench-reasoning bench-http bench-processes bench-store bench-networks bench-api bench-mcp bench-reconcile bench-pages bench-vocabularies bench-review bench-costs bench-soak bench-scale bench-rebuilding bench-papers

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.runtime $(VENV)/.assets ## make .venv with graph-service in it, fetch the scripts of the pages
setup-dev: $(VENV)/.dev $(VENV)/.assets-dev ## the same, with everything that tests, lint and benchmarks need

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml | $(VENV)/bin/python
	@echo "Setting up $(VENV) (once) …"
	$(PIP) install --require-hashes -r requirements/runtime.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime
	@echo "Adding what tests and lint need …"
	$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

ASSETS := assets/package.json assets/package-lock.json assets/fetch.py

$(VENV)/.assets: $(ASSETS) | $(VENV)/.runtime
	@command -v npm >/dev/null || $(PIP) install --require-hashes -r requirements/node.txt
	@$(BIN)/python assets/fetch.py
	@touch $@

$(VENV)/.assets-dev: $(ASSETS) | $(VENV)/.dev $(VENV)/.assets
	@$(BIN)/python assets/fetch.py --dev
	@touch $@

serve: setup ## build the shipped graph if it changed and serve it on 127.0.0.1:8000
	@$(BIN)/graph-service serve

build: setup ## read, validate, reason, write a snapshot
	@$(BIN)/graph-service build

check: setup ## validate data, consistency and evidence (SOURCES=DIR also checks the passages)
	@$(BIN)/graph-service check $(if $(SOURCES),--sources $(SOURCES))

.PHONY: collect
collect: setup-dev ## compile all tests, which each worker of `make test` would otherwise do for itself
	$(BIN)/pytest -q --collect-only >/dev/null

UNITS := tests/rdf tests/networks tests/catalogue tests/reasoning

check-fast: setup-dev lint types imports ## lint, types, and the tests that need no server, browser or build: in a minute
	$(PYTEST) -q -m "not slow" $(UNITS)

test: setup-dev ## run all tests, side by side
	$(PYTEST)

kills: setup-dev ## kill import, build, publish, serve and edit thirty times each
	$(BIN)/pytest -q --kills 30 tests/importing/test_killed_import.py tests/snapshots/test_kills.py tests/serving/test_kills.py tests/serving/test_live_kills.py tests/editing/test_killed_edit.py

test-stores: test-oxigraph test-virtuoso ## run what asks a store through HTTP over servers of Oxigraph and Virtuoso

test-oxigraph test-virtuoso: test-%: setup-dev
	timeout 900 $(PYTEST) --store $* tests/http tests/serving

test-questions: setup-dev ## ask Oxigraph and Virtuoso the named queries and compare the answers
	for store in oxigraph virtuoso; do \
	  timeout 300 $(BIN)/pytest --store $$store tests/http/api/test_operations.py -k same_question || exit 1; done

.PHONY: client-types
client-types: setup-dev ## write the types of the client anew, from the OpenAPI document
	PYTHONPATH=. $(BIN)/python -m tests.client.generating

screenshots: setup-dev ## take the pictures of the README anew (needs Debian's chromium)
	PYTHONPATH=. $(BIN)/python -m tests.browser.screenshots

lint: setup-dev ## style, by ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup-dev ## types, by mypy --strict
	$(BIN)/mypy

imports: setup-dev ## which module may import which, by import-linter
	$(BIN)/lint-imports

bench-reasoning: setup-dev ## closure and proofs at 1k to 1M triples, beside owlrl
	$(BIN)/python benchmarks/reasoning.py --write benchmarks/reasoning.md

bench-http: setup-dev ## CPU and latency per request, beside oxigraph and rdflib-endpoint
	$(BIN)/python benchmarks/http_cost.py

bench-processes: setup-dev ## requests a second with one and two serving processes
	$(BIN)/python benchmarks/processes.py

bench-store: setup-dev ## memory and time of engine and workers at 100k and 1M triples
	$(BIN)/python benchmarks/store.py

bench-networks: setup-dev ## networks of up to a million statements, beside a plain loop
	$(BIN)/python benchmarks/networks.py

bench-api: setup-dev ## what the API costs on top of the same query
	$(BIN)/python benchmarks/api.py

bench-mcp: setup-dev ## what a call of a tool costs on top of the answers of the API that it asks for
	$(BIN)/python benchmarks/assistants.py

bench-reconcile: setup-dev ## what a reconciliation query costs
	$(BIN)/python benchmarks/reconcile.py

bench-pages: setup-dev ## what a page of every type costs, fresh and cached
	PYTHONPATH=. $(BIN)/python benchmarks/pages.py

bench-vocabularies: setup-dev ## what a page costs of W3C's vocabularies and a large thesaurus
	PYTHONPATH=. $(BIN)/python benchmarks/vocabularies.py

bench-review: setup-dev ## what the review page costs with 400 pages and 2,000 positions
	PYTHONPATH=. $(BIN)/python benchmarks/review.py

bench-costs: setup-dev ## the costliest arguments of every operation, for the test that asks them again
	PYTHONPATH=. $(BIN)/python benchmarks/costliest.py

bench-soak: setup-dev ## how long others wait beside hostile clients
	PYTHONPATH=. $(BIN)/python benchmarks/soak.py

bench-scale: setup-dev ## build, validation, proofs, network, dumps, start, memory and latency at 0.1, 1 and 10 million triples (three hours, 50 GB of disk)
	$(BIN)/python benchmarks/scale.py --write benchmarks/scale.md
	$(BIN)/python benchmarks/rebuilding.py --write benchmarks/rebuilding.md

bench-rebuilding: setup-dev ## what an edit costs: a full build, and one document added, changed or removed
	$(BIN)/python benchmarks/rebuilding.py --write benchmarks/rebuilding.md

bench-papers: setup-dev ## how good drafts of papers are, on the texts of SOURCES and the coded passages of COLLECTION
	$(BIN)/python benchmarks/papers.py
	$(BIN)/graph-service paper evaluate $(if $(SOURCES),--sources $(SOURCES)) $(if $(COLLECTION),--collection $(COLLECTION)) \
	  --write benchmarks/papers.md

locks: ## write the hashed requirement files anew (needs uv)
	uv pip compile -q pyproject.toml --group build --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header -o requirements/runtime.txt
	uv pip compile -q pyproject.toml --group build --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header -c requirements/runtime.txt -o requirements/dev.txt
	uv pip compile -q --group node --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header -o requirements/node.txt

clean: ## remove everything that was made here
	rm -rf $(VENV) snapshots dist assets/node_modules src/graph_service/http/web/static/vendor
