# Targets need only python3 (3.11 or newer) and make; `.venv` is made and kept by itself.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
# Where this is set, every server that a test starts compiles itself anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help demo test run check eval bench lint lock clean
.DEFAULT_GOAL := help

help:           ## show the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one with make PYTHON=…")'
	@if [ -f $(READY) ] && cmp -s requirements.lock .venv/requirements.lock; then :; else \
	  echo "Making .venv (about a minute) …"; \
	  $(PYTHON) -m venv --clear .venv && \
	  $(BIN)/pip install --disable-pip-version-check --require-hashes --progress-bar on -r requirements.lock && \
	  cp requirements.lock .venv/requirements.lock; \
	fi
	@$(BIN)/pip install --disable-pip-version-check -q --no-deps --no-build-isolation -e .
	@touch $(READY)

demo: $(READY)  ## place a real call to a server started for it, and show what came of it
	@$(BIN)/voice-agent demo $(if $(COMPANY),--company $(COMPANY))

test: $(READY)  ## run every test that needs nothing but this machine
	$(BIN)/pytest -q -n 5 --dist loadfile --no-loadscope-reorder $(PYTEST_FLAGS)

run: $(READY)   ## start the server
	$(BIN)/voice-agent serve $(if $(COMPANY),--company $(COMPANY))

check: $(READY) ## validate settings, company folder and engines
	$(BIN)/voice-agent check $(if $(COMPANY),--company $(COMPANY))

eval: $(READY)  ## hold the company's authored conversations and score them
	@$(BIN)/voice-agent eval $(if $(COMPANY),$(COMPANY)) $(EVAL_FLAGS)

bench: $(READY) ## measure the figures of docs/measured.md; one table and var/bench.json
	$(BIN)/python -m tests.bench

lint: $(READY)  ## ruff and mypy, as in CI
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

lock:           ## pin what pyproject.toml asks for (maintainers; needs pip-tools)
	$(PYTHON) -m piptools compile -q --generate-hashes --no-emit-index-url --no-emit-trusted-host \
	  --no-emit-find-links --allow-unsafe --strip-extras --extra dev --no-annotate --no-header \
	  -o requirements.lock pyproject.toml

clean:          ## remove what was made
	rm -rf .venv var
