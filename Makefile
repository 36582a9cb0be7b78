# Everything that is done with this repository. `make help` lists it; `make run` and `make test` need no step before.

PYTHON ?= python3
PORT ?= 8080
RIGS ?= 0
ASICS ?= 0
DATA ?=
EDITION ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
NPM := npm --silent --no-update-notifier
LOCK := $(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-header --no-emit-index-url
EVERYWHERE := --universal --python-version 3.11
# Lambda's Python 3.13 runs on Amazon Linux 2023, which has glibc 2.34.
IN_LAMBDA := --python-version 3.13 --python-platform aarch64-manylinux_2_28 --only-binary :all: --excludes infra/lambda-excludes.txt
# When each set of dependencies was installed; the larger contains the smaller.
PRODUCT := build/product.stamp
TOOLS := build/tools.stamp

.DEFAULT_GOAL := help
.PHONY: help run test check soak bench format lock deploy-test deploy destroy screenshots clean

help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

run: $(PRODUCT) ## the commander with this computer's own figures; PORT=8080 RIGS=0 ASICS=0 (simulated ones) DATA=folder
	@$(BIN)/commander up --port $(PORT) --rigs $(RIGS) --asics $(ASICS) $(if $(DATA),--data '$(subst ','\'',$(DATA))')

test: $(TOOLS) ## all tests, real Chromium included where there is one; ARGS="-k store" picks some
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)
	$(NPM) test

check: $(TOOLS) ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python scripts/wire_types.py --check
	$(NPM) run check

format: $(TOOLS) ## put every Python file into the one format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(TOOLS) ## choose the newest allowed versions of all dependencies anew
	$(LOCK) $(EVERYWHERE) --extra cloud --extra gateway --extra sentry --extra asic --extra build pyproject.toml -o requirements.lock
	$(LOCK) $(EVERYWHERE) --all-extras -c requirements.lock pyproject.toml -o requirements-dev.lock
	$(LOCK) $(IN_LAMBDA) --extra cloud -c requirements.lock pyproject.toml -o requirements-lambda.lock
	$(LOCK) --universal --python-version 3.12 requirements-emulator.in -o requirements-emulator.lock
	$(NPM) update

soak: $(TOOLS) ## simulated days in minutes: nothing acknowledged may be lost; ARGS="--seconds 300 --rigs 30"
	$(BIN)/python -m tests.soak $(ARGS)
	RIG_TEST_KILLS=50 $(BIN)/pytest -q tests/system/test_mining.py tests/system/test_supervisor_killed.py -k kill_9

bench: $(TOOLS) ## speed, cost and size as a table and build/bench.json; ONLY=cost picks a part
	$(BIN)/python -m tests.benchmarks $(if $(ONLY),--only $(ONLY))

deploy-test: $(TOOLS) ## both editions, really deployed to an AWS emulator on this computer; ARGS="--edition selfhost"
	$(BIN)/python -m tests.deploy $(ARGS)

deploy: $(TOOLS) ## to the AWS account of your credentials; EDITION=selfhost|enterprise ARGS="--region eu-central-1"
	@: $(if $(EDITION),,$(error Say which edition: make deploy EDITION=selfhost, or EDITION=enterprise))
	$(BIN)/python -m infra.deploy --edition $(EDITION) $(ARGS)

destroy: $(TOOLS) ## end what `make deploy` made; table, queues, playbooks and their key stay
	$(BIN)/python -m infra.deploy --destroy --edition $(or $(EDITION),selfhost) $(ARGS)

screenshots: $(TOOLS) ## the pictures in docs/pictures, from a running commander
	$(BIN)/python scripts/screenshots.py

clean: ## remove what was installed and built here
	rm -rf .venv build node_modules web_static/vendor

.venv/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Name one with PYTHON=…" if sys.version_info < (3, 11) else 0)'
	@node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' 2>/dev/null || { echo "Node 20 or newer is needed" >&2; exit 1; }
	@echo "Installing into .venv and node_modules, once …"
	@$(PYTHON) -m venv .venv

$(PRODUCT): requirements.lock pyproject.toml package-lock.json scripts/vendor_web.mjs | .venv/pyvenv.cfg
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@test -d node_modules/typescript || $(NPM) ci --omit=dev
	@node scripts/vendor_web.mjs
	@mkdir -p build && touch $@

$(TOOLS): requirements-dev.lock package-lock.json $(PRODUCT)
	@$(PIP) --require-hashes -r requirements-dev.lock
	@$(NPM) ci
	@node scripts/vendor_web.mjs
	@touch $@
