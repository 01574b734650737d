# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
export PATH := $(BIN):$(PATH)
# The tests see facts as ansible-core 2.24 will give them.
export ANSIBLE_INJECT_FACT_VARS := false

.PHONY: help demo test lint sanity unit newer-cores sandbox-tests every-image integration awx-test molecule end-to-end bench execution-environment
.PHONY: awx-apply up down status clean distclean
.DEFAULT_GOAL := help

help: ## Show what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-22s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/installed ## From nothing to a training job in local mode, in a sandbox on this machine
	@python -m tests.sandbox.demo

# Two cores are busy all the time: what takes longest goes first.
test: $(VENV)/installed ## Everything that the collection does
	$(MAKE) --jobs=3 --output-sync=target up sanity lint unit
	$(MAKE) integration
	$(MAKE) --jobs=3 --output-sync=target molecule end-to-end awx-test

lint: $(VENV)/installed ## ruff, mypy, ansible-lint (production), changelog fragments
	ruff check .
	ruff format --check .
	python -m tests.sandbox.layout
	MYPYPATH=$(CURDIR)/.sandbox/collections mypy --package ansible_collections.mlops.studio_local_mode.plugins
	ANSIBLE_COLLECTIONS_PATH=$(CURDIR)/.sandbox/collections ansible-lint
	antsibull-changelog lint

sanity: $(VENV)/installed ## ansible-test sanity
	tests/sanity/run.sh

unit: $(VENV)/installed ## Unit tests
	pytest tests/unit -n 2

newer-cores: $(VENV)/installed ## The unit tests on newer versions of ansible-core and Python, where there are any
	tests/newer_cores.sh

sandbox-tests: $(VENV)/installed ## Whether the sandbox is what it says, for who changes it
	python -m tests.sandbox up
	pytest tests/sandbox_tests -n 4 --dist loadgroup

every-image: $(VENV)/installed ## The script at the start of an app, and a job of the SDK, in every image of Studio
	python -m tests.sandbox up
	pytest tests/integration/test_lifecycle_config.py --every-image

# More processes than cores: many of the tests wait for a domain.
integration: $(VENV)/installed ## The modules, roles and playbooks against the sandbox
	python -m tests.sandbox up
	pytest tests/integration -n 6 --dist loadgroup

awx-test: $(VENV)/installed ## What AWX makes of this repository: its rules, and its jobs by ansible-runner
	python -m tests.sandbox up
	pytest tests/awx -n 3 --dist loadgroup

molecule: $(VENV)/installed ## The roles, in containers of a real engine
	python -m tests.sandbox up
	. .sandbox/env.sh && molecule test --all --report

end-to-end: $(VENV)/installed ## The whole way, with the SageMaker SDK's training job at its end
	pytest tests/end_to_end

bench: $(VENV)/installed ## How long the work takes, as ratios to the same work by hand
	status=0; for side in domains docker_cli; do python -m tests.benchmarks.$$side || status=1; done; exit $$status

execution-environment: $(VENV)/installed ## The folder to build the image of AWX's execution environment from
	ansible-galaxy collection build --force --output-path .execution-environment
	ansible-builder create --context .execution-environment/context --output-filename Containerfile
	@echo "Build it: podman build --tag studio-local-mode-ee:0.1.0 .execution-environment/context"

awx-apply: $(VENV)/installed ## Bring an AWX to what extensions/patterns says: AWX_URL=… AWX_TOKEN=… [AWX_VARS=@ours.yml] [AWX_ARGS=--check]
	@test -n "$$AWX_URL" && test -n "$$AWX_TOKEN" || { echo "Set AWX_URL and AWX_TOKEN: AWX_URL=https://awx.example.org AWX_TOKEN=… make awx-apply" >&2; exit 2; }
	CONTROLLER_HOST=$$AWX_URL CONTROLLER_OAUTH_TOKEN=$$AWX_TOKEN \
		ansible-playbook --diff extensions/patterns/studio_local_mode/apply.yml $${AWX_VARS:+"--extra-vars=$$AWX_VARS"} $(AWX_ARGS)

up: $(VENV)/installed ## Start the sandbox
	@python -m tests.sandbox up

down: $(VENV)/installed ## Stop the sandbox
	@python -m tests.sandbox down

status: $(VENV)/installed ## Say what of the sandbox runs
	@python -m tests.sandbox status

clean: ## Take the sandbox away, with its processes and containers
	@if [ -d .sandbox ] && [ -x $(BIN)/python ]; then $(BIN)/python -m tests.sandbox down; fi
	rm -rf .sandbox .ansible .execution-environment .mypy_cache .pytest_cache .ruff_cache

distclean: clean ## And the virtual environment
	rm -rf $(VENV)

$(VENV)/installed: tests/make_venv.sh tests/requirements.txt
	@tests/make_venv.sh $(VENV)
	@touch $@
