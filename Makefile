# Weft's few commands; `make help` prints them.

PYTHON ?= python3
EVENTS ?= 1000000
EDGES ?= 20000000
ROWS ?= 200000
WORKERS ?= 2

BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check
EXTRAS := models,dev
NODE := $(patsubst %/package-lock.json,%/node_modules/.installed,$(wildcard graphiql/package-lock.json tests/typescript/package-lock.json))

export NO_MKDOCS_2_WARNING := true

.DEFAULT_GOAL := help
.PHONY: $(shell sed -n 's/^\([a-z-]*\):.*\#\# .*/\1/p' Makefile)

define heading
	@printf '\n\033[1m── %s\033[0m\n' '$(1)'
endef

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: .venv/.installed $(NODE) ## make .venv with everything in it, once

demo: install ## make a world, import it, build, and serve it on port 8000
	@$(BIN)/weft demo

test: install ## run every check, against a PostgreSQL of its own
	$(call heading,format)
	@$(BIN)/ruff format --check .
	$(call heading,lint)
	@$(BIN)/ruff check .
	$(call heading,types)
	@$(BIN)/mypy
	$(call heading,layers)
	@$(BIN)/lint-imports --no-cache --no-logo
	$(call heading,docs)
	@$(BIN)/mkdocs build --strict --quiet
	$(call heading,tests)
	@$(BIN)/pytest -n $(WORKERS)

test-server: install ## run the tests against a server reached by TCP, as an owner who is no superuser
	@$(BIN)/python -m tests.with_server $(BIN)/pytest -n $(WORKERS)

format: install ## format and fix what can be fixed
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: ## pin every package anew in requirements.lock
	@.ci/lock '$(PYTHON)'

docs: install ## read the docs on port 8001
	@$(BIN)/mkdocs serve --dev-addr 127.0.0.1:8001

bench-import: install ## compare importing with a bare COPY (EVENTS=1000000)
	@$(BIN)/python -m bench.importing --events $(EVENTS)

bench-ner: install ## train and judge named entities (DATA=folder)
	@$(BIN)/python -m bench.ner --data '$(DATA)'

bench-text: install ## compare reading titles with spaCy, jieba and a ruler (TITLES=)
	@$(BIN)/python -W ignore -m bench.text --titles "$(TITLES)"

bench-spaces: install ## measure every space on the demo world (ITEMS= USERS= MODELS=)
	@$(BIN)/python -W ignore -m bench.spaces $(if $(ITEMS),--items $(ITEMS)) $(if $(USERS),--users $(USERS)) --models "$(MODELS)"

bench-ablations: install ## measure what each choice of towers is worth (ITEMS= USERS= GROUPS=)
	@$(BIN)/python -W ignore -m bench.ablations $(if $(ITEMS),--items $(ITEMS)) $(if $(USERS),--users $(USERS)) --groups "$(GROUPS)"
bench-recall: install ## measure every channel, fused, on the demo world's last day (ITEMS= USERS=)
	@$(BIN)/python -W ignore -m bench.recall $(if $(ITEMS),--items $(ITEMS)) $(if $(USERS),--users $(USERS))

bench-ranking: install ## compare rankers, stages and options on the demo world's last day (ITEMS= USERS= GROUPS=)
	@$(BIN)/python -W ignore -m bench.ranking $(if $(ITEMS),--items $(ITEMS)) $(if $(USERS),--users $(USERS)) --groups "$(GROUPS)"

bench-edges: install ## read a graph by COPY and find paths in it (EDGES=20000000)
	@$(BIN)/python -m bench.edges --edges $(EDGES)

bench-graph: install ## judge spaces on a published table (DATA=folder MODELS=linear,… DEVICE=cuda)
	@$(BIN)/python -m bench.graph --data '$(DATA)' --models '$(MODELS)' --device '$(or $(DEVICE),cpu)'

bench-keyword: install ## search a judged catalogue or a demo world, beside BM25 (DATA=folder, ITEMS= USERS=)
	@$(BIN)/python -W ignore -m bench.keyword $(if $(DATA),--data '$(DATA)') $(if $(ITEMS),--items $(ITEMS)) $(if $(USERS),--users $(USERS))
bench-ann: install ## compare filtered vector search with pgvector's own settings (ROWS=200000)
	@$(BIN)/python -m bench.ann --rows $(ROWS)

bench-withheld: install ## read a demo world without some of its labels
	@$(BIN)/python -m bench.withheld

bench-walks: install ## compare walks with pecanpy and skip-gram with gensim (DATA=folder)
	@$(BIN)/python -m bench.walks --data '$(DATA)'

bench-sequence: install ## judge towers on a table of sequences (DATA=folder MODELS=youtube,dssm,… DEVICE=cuda)
	@$(BIN)/python -W ignore -m bench.sequence --data '$(DATA)' --models '$(MODELS)' --device '$(or $(DEVICE),cpu)'

bench-ctr: install ## judge rankers on a published split of clicks (DATA=folder MODELS=fm,deepfm,… SEEDS=1 PUBLISHED=file)
	@$(BIN)/python -W ignore -m bench.ctr --data '$(DATA)' --models '$(MODELS)' --seeds $(or $(SEEDS),1) $(if $(PUBLISHED),--published '$(PUBLISHED)') $(if $(SIDES),--items '$(SIDES)')

bench-ctr-speed: install ## train deepfm, dcn and din beside FuxiCTR and deepctr-torch, and score (CLICKS=60000)
	@$(BIN)/python -W ignore -m bench.ctr_speed --rows $(or $(CLICKS),60000)

bench-esmm: install ## judge esmm and mmoe beside separate models (DATA=folder of views, carts, buys)
	@$(BIN)/python -W ignore -m bench.esmm --data '$(DATA)'

bench-serve: install ## serve whole pages of a large shop under load (ITEMS=1000000 USERS=200000 SECONDS=30)
	@$(BIN)/python -W ignore -m bench.serve --items $(or $(ITEMS),1000000) --users $(or $(USERS),200000) --seconds $(or $(SECONDS),30) $(if $(SERVE_HOME),--home '$(SERVE_HOME)')

bench-dssm: install ## train two towers beside those of torch-rechub
	@$(BIN)/python -W ignore -m bench.dssm

bench-rerank: install ## arrange a page of 50 out of 600 candidates by each kind of rule
	@$(BIN)/python -m bench.rerank

bench-track: install ## take events over HTTP beside reads (ITEMS= USERS=)
	@$(BIN)/python -W ignore -m bench.tracking $(if $(ITEMS),--items $(ITEMS)) $(if $(USERS),--users $(USERS))

bench-fuzz: install ## send requests made by walking the schema, with every role (REQUESTS=)
	@$(BIN)/python -W ignore -m bench.fuzz $(if $(REQUESTS),--requests $(REQUESTS))

bench-kills: install ## kill processes and the database under load (ITEMS= USERS=)
	@$(BIN)/python -W ignore -m bench.serve_kills $(if $(ITEMS),--items $(ITEMS)) $(if $(USERS),--users $(USERS))

clean: ## remove what was made here, the demo's database too
	rm -rf .venv .weft site dist graphiql/node_modules tests/typescript/node_modules
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

.venv/.installed: pyproject.toml requirements.lock
	$(call heading,install)
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -c 'import sys; sys.exit("Python 3.11 or newer is needed") if sys.version_info < (3, 11) else None'
	@$(PIP) install --quiet -c requirements.lock -e '.[$(EXTRAS)]'
	@touch $@

%/node_modules/.installed: %/package-lock.json %/package.json .venv/.installed
	@.ci/npm --prefix $* ci --no-audit --no-fund
	@touch $@
