# The index of commands. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help up status top logs open run db history rollback forward down dev adopt check test e2e soak bench env tools cluster pictures clean
# A go.work in a folder above is not ours.
export GOWORK := off
# With cgo, Go would compile the packages that the tools share a second time.
export CGO_ENABLED := 0
# With folders' names in the program, Go would compile it anew in each checkout.
export GOFLAGS += -trimpath

# What is typed for these is text: neither make nor a shell looks for commands in it. A recipe finds it in its environment.
override JOB := $(value JOB)
override ARGS := $(value ARGS)
override TO := $(value TO)
export JOB ARGS TO

# Runs what follows with the kernel's settings that suit tests.
TUNED = bin/ship tools tuned

help: ## list the commands
	@echo 'From source to a replicated Kubernetes service'
	@echo
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { gsub(/\$$\$$/, "$$", $$2); printf "  make %-9s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo 'With STACK=prod, a command uses that stack, not the selected one.'

# The command behind the targets, compiled again when its sources have changed.
SOURCES := $(shell find ship supplier infra/attestation infra/config infra/gateway infra/kubeconfig infra/label infra/rollout -path supplier/modules -prune -o -type f ! -name '*_test.go' -print) go.mod go.sum
bin/ship: $(SOURCES)
	@[ -x $@ ] || echo '  ship: compiling, usually 1m' >&2
	@scripts/module.sh ship go build -buildvcs=false -o ../bin/.ship . && mv bin/.ship $@

up: bin/ship ## go from nothing to a service that answers
	@bin/ship up

status: bin/ship ## show what runs, where, and whether it is healthy
	@bin/ship status

top: bin/ship ## show requests, Pods and events, live, until Ctrl-C
	@bin/ship top

logs: bin/ship ## follow the logs of all Pods
	@bin/ship logs

open: bin/ship ## open the service in a browser
	@bin/ship open

run: bin/ship ## run a job now, JOB=nightly, or a command once, ARGS="seed --all"
	@bin/ship run $${JOB:+"$$JOB"} $${ARGS:+--args "$$ARGS"}

db: bin/ship ## open psql in the database to develop against
	@bin/ship db

history: bin/ship ## list the versions that the stack has had
	@bin/ship history

rollback: bin/ship ## go back to the previous version, or TO=VERSION, and hold it
	@bin/ship rollback $${TO:+"$$TO"}

forward: bin/ship ## end the hold: run what the stack says again
	@bin/ship forward

down: bin/ship ## remove the stack and the cluster; stop Docker if we started it
	@bin/ship down

dev: bin/ship ## roll out every change that you save, until Ctrl-C
	@bin/ship dev

adopt: bin/ship ## make this checkout a project of your own: NAME=shop
	@bin/ship adopt

check: ## format, lint, vulnerabilities, unit tests: needs no cluster
	@scripts/check.sh

test: tools ## run all that CI checks, on clusters of its own
	@$(TUNED) scripts/test.sh

e2e: tools-for-e2e ## run one scenario: RUN=Faults/DrainedNode, KEEP=1; or list them
	@$(if $(RUN),$(TUNED)) scripts/e2e.sh $(RUN)

soak: tools ## run the scenarios that take long, before a release
	@scripts/fuzz.sh 2m
	@$(TUNED) scripts/e2e.sh soak

bench: tools ## measure this against the alternatives, on a cluster of its own
	@scripts/bench.sh

env: bin/ship ## print shell settings for the raw commands: eval "$$(make env)"
	@bin/ship env

tools: bin/ship ## supply the tools and images: use, download or build them
	@bin/ship tools

# To list the scenarios takes no tools.
.PHONY: tools-for-e2e
tools-for-e2e: $(if $(RUN),tools)

cluster: bin/ship ## start the kind cluster and its registry
	@bin/ship cluster

pictures: tools ## retake the pictures in docs/, on a cluster of its own
	@scripts/pictures.sh

clean: bin/ship ## list and remove what was made here, except the stacks' states
	@bin/ship clean
