# gospark: a Jupyter kernel for Go with Apache Spark built in.
# `make` lists what there is; each target that is more than a line is a script of its own.

SHELL       := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
export GORACE := atexit_sleep_ms=0# else each program of go test -race sleeps for a second at its end
.PHONY: help lab demo build labextension install test lint vet race rules e2e pictures fuzz bench generate clean preflight venv data

help: ## this list
	@grep -hE '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

lab: preflight install data ## set everything up and open JupyterLab on the quickstart (NO_BROWSER=1, PORT=8888)
	@scripts/lab

demo: preflight install data ## run the same quickstart without a browser and print its results
	@scripts/demo

preflight: # says what this machine lacks, and the command that gets it
	@scripts/preflight

venv:
	@scripts/venv lab example

data: venv
	@scripts/flights

build: ## bin/gospark
	@scripts/step "build bin/gospark" env CGO_ENABLED=0 go build -trimpath -o bin/gospark ./cmd/gospark

labextension: ## the browser part, into labextension/dist (committed: only after a change there; needs Node.js)
	@scripts/labextension

install: venv build ## build it and install the kernel "Go (Spark)" into .venv
	@scripts/step "install the kernel into .venv" bin/gospark install --prefix .venv

test: ## everything: vet, lint, rules, unit tests with the race detector, end to end
	@scripts/test

vet:
	@CGO_ENABLED=0 go vet -trimpath ./...

lint: ## golangci-lint at the pinned version (ARGS=--fix)
	@scripts/lint $(ARGS)

rules: # imports between packages, sizes, docs: the structure as a test
	@go test ./test/rules

race: ## unit tests with the race detector, real Spark included (PKG=./kernel/...; SHORT=1: no Spark)
	@go test -race -p 2 -timeout 15m $(if $(SHORT),-short) $(or $(PKG),./...)

e2e: install data ## the installed kernel in JupyterLab, console and nbconvert (ARGS="-k console")
	@scripts/e2e $(ARGS)

.PHONY: wheel docs
wheel: build ## Python wheels for Linux on amd64 and arm64, in dist/
	@scripts/wheel

docs: ## the documentation as a site, in build/docs/; a broken link fails
	@scripts/docs

pictures: install data ## docs/images again, from the browser tests
	@GOSPARK_PICTURES=1 scripts/e2e -k "test_outputs or test_monitor or test_panel or test_catalog or test_servers"

fuzz: ## every fuzz test for FUZZTIME (20s) each
	@scripts/fuzz

bench: install ## start-up, cells, memory beside ipykernel and PySpark (ARGS="--quick")
	@scripts/bench $(ARGS)

generate: ## generated code, from the sources that each //go:generate line names
	@go generate ./...

clean: ## remove what was built; .venv stays (rm -rf .venv for that too)
	rm -rf bin build dist .cache labextension/lib labextension/node_modules examples/data test/e2e/shots
