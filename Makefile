# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
# The tools of a release, which the tests do without.
RELEASE := .venv-release
# Which integration tests run, and what runs on a newer ansible-core.
INTEGRATION ?= tests/integration -m "not slow"
ON_CORE ?= integration molecule end-to-end
ENGINE ?= podman
IMAGE ?= studio-local-mode-ee:$(shell sed -n 's/^version: //p' galaxy.yml)
# All but the demo app, which end-to-end may be working in.
UP := python -m tests.sandbox up aws engine mirror apps platforms
export PATH := $(BIN):$(PATH)
# The tests run without injected facts, which ansible-core 2.24 removes.
export ANSIBLE_INJECT_FACT_VARS := false

.PHONY: help demo test lint sanity unit newer-cores sandbox-tests slow-tests demo-test integration awx-test report-test report-picture molecule end-to-end bench execution-environment
.PHONY: awx-apply up down status lock lock-upgrade clean distclean core on-core docs docs-test nox release-check release-artifacts release-publish release-attach
.PHONY: execution-environment-image execution-environment-check execution-environment-push
.DEFAULT_GOAL := help

# These start the sandbox: while pip installs .venv, apt installs what the sandbox needs.
demo test sandbox-tests slow-tests demo-test integration awx-test molecule end-to-end up: export FOR_SANDBOX := 1
# A sixth of the tests' CPU went into Python's garbage collector, in thousands of processes of some seconds.
test unit newer-cores sandbox-tests slow-tests integration awx-test report-test molecule end-to-end: export GC_THRESHOLD := 50000

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-22s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/installed ## Run a training job in local mode in a sandbox on this machine
	@python -m tests.sandbox.demo

# What computes runs beside what waits: first for the start of the sandbox, then for its apps. Only end-to-end has the demo app and its home.
test: $(VENV)/installed ## Run the checks and tests; CI runs slow-tests, newer-cores, sandbox-tests and demo-test, too
	$(MAKE) --jobs=5 --output-sync=target end-to-end integration sanity lint unit molecule awx-test report-test

lint: $(VENV)/installed ## Run ruff, mypy, ansible-lint (production), yamllint, codespell and the lints of antsibull-docs and antsibull-changelog
	ruff check .
	ruff format --check .
	python -m tests.sandbox.layout
	MYPYPATH=$(CURDIR)/.sandbox/collections mypy --package ansible_collections.mlops.studio_local_mode.plugins
	ANSIBLE_COLLECTIONS_PATH=$(CURDIR)/.sandbox/collections ansible-lint
	antsibull-changelog lint
	python -m tests.release.check spelling yaml_files sanity_exceptions plugin_docs

sanity: $(VENV)/installed ## Run ansible-test sanity: [SANITY="--test pep8"]
	tests/sanity/run.sh $(SANITY)

unit: $(VENV)/installed ## Run the unit tests
	pytest tests/unit -n 2

newer-cores: ## Run the sanity and unit tests on newer versions of ansible-core and Python, if installed
	tests/newer_cores.sh

core: ON_CORE := sanity unit
core: on-core ## The same on one of them: CORE=2.21 PYTHON=3.12

on-core: ## Integration, Molecule and end to end on a newer one: CORE=2.21 PYTHON=3.12 [ON_CORE=integration] [INTEGRATION=tests/…]
	@test -e "tests/locks/tests-$(CORE).txt" || { echo "tests/locks has no versions for ansible-core '$(CORE)'. Set CORE to one of:" \
		$(patsubst tests/locks/tests-%.txt,%,$(wildcard tests/locks/tests-*.txt)) >&2; exit 2; }
	$(MAKE) VENV=.sandbox/venv-$(CORE)-$(PYTHON) VENV_CORE=$(CORE) VENV_PYTHON=$(PYTHON) $(ON_CORE)

sandbox-tests: $(VENV)/installed ## Test the sandbox itself
	python -m tests.sandbox up
	pytest tests/sandbox_tests -n 4 --dist loadgroup

# Its machine has no network, so that all that the sandbox fetches must be there.
demo-test: $(VENV)/installed ## Test that make demo and make clean leave the machine alone; it removes the sandbox
	python -m tests.sandbox up
	pytest -p no:cacheprovider tests/demo

# Many of the tests wait for a domain, so that there are more processes than cores.
integration: $(VENV)/installed ## Test the modules, roles and playbooks against the sandbox
	$(UP)
	pytest $(INTEGRATION) -n 6 --dist loadgroup

# One after the other: both have jobs in the demo app's home.
slow-tests: $(VENV)/installed ## Test every fault, state of an app, image of Studio, policy and wrong answer, and applying to AWX
	$(UP)
	pytest tests/integration tests/awx -m slow --every-image -n 5 --dist loadgroup
	pytest tests/end_to_end -m slow

awx-test: $(VENV)/installed ## Test this repository as an AWX project, with ansible-runner
	$(UP)
	pytest tests/awx -m "not slow" -n 3 --dist loadgroup

report-test: $(VENV)/installed ## Test the HTML report in a browser
	python -m tests.sandbox.layout
	pytest tests/report

report-picture: $(VENV)/installed ## Take the picture of the report in the README
	python -m tests.sandbox.layout
	python -m tests.report.picture

molecule: $(VENV)/installed ## Test the roles in containers of a real engine
	$(UP)
	. .sandbox/env.sh && molecule test --all --report

end-to-end: $(VENV)/installed ## Test everything up to a training job of the SageMaker SDK
	pytest tests/end_to_end -m "not slow"

bench: $(VENV)/installed ## Measure the run time, as ratios to the manual steps
	status=0; for side in domains targets docker_cli sessions html_report; do python -m tests.benchmarks.$$side || status=1; done; exit $$status

docs: $(RELEASE)/installed ## Build the documentation site
	python -m tests.sandbox.layout
	$(RELEASE)/bin/python docs/site/build.py

docs-test: docs ## Test the search of the documentation site in a browser
	pytest tests/site

nox: $(VENV)/installed ## Run the checks of the Ansible community that need no other repository
	test -x .nox/bin/nox || { python -m venv .nox && .nox/bin/pip install -qq --no-deps --require-hashes --requirement tests/locks/nox.txt; }
	.nox/bin/nox --session license-check extra-checks

release-check: $(RELEASE)/installed ## Say what is missing for a release
	python -m tests.sandbox.layout
	$(RELEASE)/bin/python -m tests.release.check

release-artifacts: $(RELEASE)/installed ## Build what a release publishes, into dist: RELEASE_ARGS are variables of the lifecycle script
	$(RELEASE)/bin/python -m tests.release.artifacts $(RELEASE_ARGS)

release-publish: $(RELEASE)/installed ## Publish dist to Galaxy: ANSIBLE_GALAXY_SERVER_RELEASE_GALAXY_TOKEN=…
	ANSIBLE_GALAXY_SERVER_LIST=release_galaxy ANSIBLE_GALAXY_SERVER_RELEASE_GALAXY_URL=https://galaxy.ansible.com/ \
		$(RELEASE)/bin/ansible-galaxy collection publish dist/*.tar.gz

release-attach: ## Attach dist to the release of the tag: TAG=… GH_TOKEN=…
	gh release create "$$TAG" --verify-tag --title "$$TAG" --notes-file dist/RELEASE_NOTES.md dist/*

execution-environment: $(VENV)/installed ## Create the build context of the execution environment
	ansible-galaxy collection build --force --output-path .execution-environment
	ansible-builder create --context .execution-environment/context --output-filename Containerfile
	@echo "Build it: make execution-environment-image"

execution-environment-image: execution-environment ## Build the image: ENGINE=docker IMAGE=…
	$(ENGINE) build --tag $(IMAGE) .execution-environment/context

execution-environment-check: ## Run check_execution_environment in the image
	$(ENGINE) run --rm $(IMAGE) ansible-playbook mlops.studio_local_mode.check_execution_environment

execution-environment-push: ## Push the image: REGISTRY_USER=… REGISTRY_TOKEN=…
	@echo "$$REGISTRY_TOKEN" | $(ENGINE) login --username "$$REGISTRY_USER" --password-stdin $(firstword $(subst /, ,$(IMAGE)))
	$(ENGINE) push $(IMAGE)

# It requires only ansible-core and awx.awx, from .venv or from PATH.
awx-apply: ## Apply extensions/patterns to an AWX: AWX_URL=… AWX_TOKEN=… [AWX_VARS=@ours.yml] [AWX_ARGS=--check]
	@test -n "$$AWX_URL" && test -n "$$AWX_TOKEN" || { echo "Set AWX_URL and AWX_TOKEN: AWX_URL=https://awx.example.org AWX_TOKEN=… make awx-apply" >&2; exit 2; }
	@ansible-doc --type module awx.awx.job_template > /dev/null 2>&1 || { echo "make awx-apply requires ansible-core and awx.awx. Install them:" \
		"python3 -m pip install 'ansible-core>=2.19' && ansible-galaxy collection install -r extensions/patterns/studio_local_mode/requirements.yml" >&2; exit 2; }
	CONTROLLER_HOST=$$AWX_URL CONTROLLER_OAUTH_TOKEN=$$AWX_TOKEN \
		ansible-playbook --diff extensions/patterns/studio_local_mode/apply.yml $${AWX_VARS:+"--extra-vars=$$AWX_VARS"} $(AWX_ARGS)

up: $(VENV)/installed ## Start the sandbox
	@python -m tests.sandbox up

lock: ## Write tests/locks after a change of the requirements: versions and hashes of all that is installed from PyPI
	tests/locks/renew.sh

lock-upgrade: ## Renew tests/locks: the newest versions that the requirements allow
	tests/locks/renew.sh --upgrade

down: $(VENV)/installed ## Stop the sandbox
	@python -m tests.sandbox down

status: $(VENV)/installed ## Show which services of the sandbox run
	@python -m tests.sandbox status

clean: ## Remove the sandbox, its processes and its containers
	@for python in $(BIN)/python .sandbox/venv-*/bin/python; do \
		if [ -d .sandbox ] && [ -x "$$python" ]; then "$$python" -m tests.sandbox down; break; fi; done
	rm -rf .sandbox .ansible .execution-environment .nox dist .mypy_cache .pytest_cache .ruff_cache

distclean: clean ## Remove the sandbox and the virtual environment
	rm -rf $(VENV) $(RELEASE)

$(RELEASE)/installed: tests/locks/release.txt $(VENV)/installed
	python -m venv --clear $(RELEASE)
	$(RELEASE)/bin/pip install -qq --disable-pip-version-check --no-deps --require-hashes --requirement $<
	@# amazon.aws: its documentation fragments are part of the modules' documentation.
	ln -sfn $(CURDIR)/$$(echo $(VENV)/lib/python3*/site-packages/ansible_collections) $$(echo $(RELEASE)/lib/python3*/site-packages)/
	@touch $@

$(VENV)/installed: tests/make_venv.sh tests/locks/tests$(VENV_CORE:%=-%).txt tests/locks/bundle$(VENV_CORE:%=-%).txt
	@tests/make_venv.sh $(VENV)
	@touch $@
