# The index of commands. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help up status logs open history rollback forward down dev check test e2e soak bench env tools cluster pictures clean
# A go.work in a folder above is somebody else's.
export GOWORK := off
# With cgo, packages that the tools have too would be compiled a second time.
export CGO_ENABLED := 0

# The selected one. It is asked for only where it matters.
STACK ?= $(shell scripts/selected.sh)

help: ## list the commands
	@scripts/help.sh

up: cluster-for-stack ## from nothing to a service that answers
	@scripts/up.sh $(STACK)

status: ## what runs, where, and whether it is healthy
	@scripts/status.sh $(STACK)

logs: ## follow the logs of all Pods
	@scripts/logs.sh $(STACK)

open: ## the service in a browser
	@scripts/open.sh $(STACK)

history: ## the versions that the stack has had
	@scripts/history.sh $(STACK)

rollback: ## back to the version before, or TO=DIGEST, and hold it
	@scripts/rollback.sh $(STACK) $(TO)

forward: ## end the hold: run what the stack says again
	@scripts/forward.sh $(STACK)

down: ## remove the stack and the cluster; stop Docker if we started it
	@scripts/down.sh $(STACK) && go run -buildvcs=false ./supplier stop-engine

dev: ## roll out every change that is saved, until Ctrl-C
	@scripts/dev.sh $(STACK)

check: ## format, lint, vulnerabilities, unit tests: needs no cluster
	@scripts/check.sh

test: tools ## everything that CI checks, on clusters of its own
	@scripts/test.sh

e2e: tools-for-e2e ## one scenario: RUN=Faults/DrainedNode, KEEP=1; alone: list them
	@scripts/e2e.sh $(RUN)

soak: tools ## the scenarios that take long, before a release
	@scripts/e2e.sh soak

bench: tools ## measure it against the alternatives, on a cluster of its own
	@scripts/bench.sh

env: ## shell settings for the raw commands: eval "$$(make env)"
	@scripts/env.sh

tools: ## supply the tools and images: use, download or build them
	@go run -buildvcs=false ./supplier

# A listing needs no tools.
.PHONY: tools-for-e2e
tools-for-e2e: $(if $(RUN),tools)

cluster: tools ## the kind cluster and its registry
	@PATH="$(CURDIR)/bin:$$PATH" cluster/up.sh

# Only a stack on kind needs the cluster.
.PHONY: cluster-for-stack
cluster-for-stack: tools
	@[ "$$(scripts/target.sh $(STACK))" != kind ] || PATH="$(CURDIR)/bin:$$PATH" cluster/up.sh

pictures: tools ## take the pages' pictures anew, on a cluster of its own
	@scripts/pictures.sh

clean: ## list and remove what was made here, but for stacks' states
	@scripts/clean.sh
