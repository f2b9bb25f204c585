# The index of commands. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help up status logs open history rollback forward down dev adopt check test e2e soak bench env tools cluster pictures clean
# A go.work in a folder above is not ours.
export GOWORK := off
# With cgo, Go would compile the packages that the tools share a second time.
export CGO_ENABLED := 0
# With folders' names in the program, Go would compile it anew in each checkout.
export GOFLAGS += -trimpath

# The selected stack. `=` asks for it only when a target uses it.
STACK ?= $(shell scripts/selected.sh)

# Runs what follows with the kernel's settings that suit tests.
TUNED = go run -buildvcs=false ./supplier test

help: ## list the commands
	@scripts/help.sh

up: cluster-for-stack ## go from nothing to a service that answers
	@scripts/up.sh $(STACK)

status: ## show what runs, where, and whether it is healthy
	@scripts/status.sh $(STACK)

logs: ## follow the logs of all Pods
	@scripts/logs.sh $(STACK)

open: ## open the service in a browser
	@scripts/open.sh $(STACK)

history: ## list the versions that the stack has had
	@scripts/history.sh $(STACK)

rollback: ## go back to the previous version, or TO=VERSION, and hold it
	@scripts/rollback.sh $(STACK) $(TO)

forward: ## end the hold: run what the stack says again
	@scripts/forward.sh $(STACK)

down: ## remove the stack and the cluster; stop Docker if we started it
	@scripts/down.sh $(STACK) && go run -buildvcs=false ./supplier stop-engine

dev: ## roll out every change that you save, until Ctrl-C
	@scripts/dev.sh $(STACK)

adopt: ## make this checkout a project of your own: NAME=shop
	@scripts/adopt.sh "$(NAME)"

check: ## format, lint, vulnerabilities, unit tests: needs no cluster
	@scripts/check.sh

test: tools ## run all that CI checks, on clusters of its own
	@$(TUNED) scripts/test.sh

e2e: tools-for-e2e ## run one scenario: RUN=Faults/DrainedNode, KEEP=1; or list them
	@$(if $(RUN),$(TUNED)) scripts/e2e.sh $(RUN)

soak: tools ## run the scenarios that take long, before a release
	@$(TUNED) scripts/e2e.sh soak

bench: tools ## measure this against the alternatives, on a cluster of its own
	@scripts/bench.sh

env: ## print shell settings for the raw commands: eval "$$(make env)"
	@scripts/env.sh

tools: ## supply the tools and images: use, download or build them
	@go run -buildvcs=false ./supplier

# To list the scenarios takes no tools.
.PHONY: tools-for-e2e
tools-for-e2e: $(if $(RUN),tools)

cluster: tools ## start the kind cluster and its registry
	@PATH="$(CURDIR)/bin:$$PATH" cluster/up.sh

# Only a stack on kind needs the cluster.
.PHONY: cluster-for-stack
cluster-for-stack: tools
	@[ "$$(scripts/target.sh $(STACK))" != kind ] || PATH="$(CURDIR)/bin:$$PATH" cluster/up.sh

pictures: tools ## retake the pictures in docs/, on a cluster of its own
	@scripts/pictures.sh

clean: ## list and remove what was made here, except the stacks' states
	@scripts/clean.sh
