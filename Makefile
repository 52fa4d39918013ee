# Everything that this project asks of its user, one target each; `make` alone lists them.
SHELL := bash
.DEFAULT_GOAL := help
.NOTPARALLEL:

# One set of flags for every release build, so that no target recompiles what another has built.
RELEASE := -c release --static-swift-stdlib
BIN := .build/release/anomalyctl
FUNCTIONS := $(patsubst Sources/%/main.swift,%,$(wildcard $(patsubst %,Sources/%/main.swift,\
	MultiAccountLogs CrossAccountAnomalyProcessor QBusinessConnector)))
PROGRAMS := anomalyctl $(FUNCTIONS)
# Testable release code is compiled differently, so it lives in a folder of its own.
RELEASE_TESTS := -c release -Xswiftc -enable-testing --scratch-path .build-tests
# Bytes of a stripped release program: an empty one has 6.1 MB, one that links all of Foundation 58 MB.
SIZE_CEILING ?= 16000000

DEMO ?= demo
DAYS ?= 14
ACCOUNTS ?= 12
SEED ?= 7

VERSION ?= 0.1.0
DIST ?= dist

TARGET ?= Decode
SECONDS ?= 60

.PHONY: help demo replay invoke build test test-debug test-release integration lint check-imports check-size check-readme \
	check-infrastructure package verify-package deploy destroy bench build-bench instructions fuzz \
	sanitize format deps clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-20s %s\n", $$1, $$2 }' Makefile

demo: build ## simulate an organization of 12 accounts for 14 days and look for anomalies in it
	rm -rf $(DEMO)
	$(BIN) simulate --days $(DAYS) --accounts $(ACCOUNTS) --seed $(SEED) -o $(DEMO)
	$(BIN) backtest $(DEMO)/trail --accounts $(DEMO)/accounts.json

replay: build ## run one sample event through the stages: make replay EVENT=Events/x.json
	@test -n "$(EVENT)" || { echo "replay: EVENT is not set; name a file, as in make replay EVENT=Events/x.json"; exit 2; }
	$(BIN) replay $(EVENT)

invoke: build ## run a function's program on an event: make invoke FUNCTION=MultiAccountLogs EVENT=Events/x.json ENV="K=V ..."
	@test -n "$(FUNCTION)" || { echo "invoke: FUNCTION is not set; name one, as in make invoke FUNCTION=MultiAccountLogs EVENT=Events/x.json"; exit 2; }
	$(BIN) invoke $(FUNCTION) $(EVENT) $(foreach pair,$(ENV),$(if $(findstring =,$(pair)),--env '$(pair)'))

build: deps ## build the programs in release mode: .build/release/anomalyctl and the functions
	$(foreach program,$(PROGRAMS),swift build $(RELEASE) --product $(program) &&) true

test: lint check-imports test-debug test-release check-size check-readme ## every check: lint, tests in debug and release, size, README

test-debug: deps ## the tests, compiled for debugging
	swift test

test-release: deps ## the tests, compiled as the program is shipped
	swift test $(RELEASE_TESTS)

integration: deps ## the tests against a real OpenSearch and a stand-in for AWS, and the rights they need: OPENSEARCH_URL, AWS_ENDPOINT_URL
	scripts/integration --rights swift test --filter IntegrationTests

lint: deps ## the format rules, strictly
	swift format lint --strict --parallel --recursive Package.swift Sources Tests

check-imports: ## no Foundation in Sources, no FoundationEssentials in UsageCore
	scripts/check-imports

check-size: build ## each stripped program stays below SIZE_CEILING bytes
	$(foreach program,$(PROGRAMS),scripts/check-size .build/release/$(program) $(SIZE_CEILING) &&) true

check-readme: build ## every command that README.md shows exists
	scripts/check-readme README.md Makefile $(BIN)

check-infrastructure: ## the templates: lint, rights, nested stacks, settings, and every mode in moto
	scripts/check-infrastructure

package: deps ## the functions as zips for AWS Lambda, with every library down to the loader: dist/<Function>.zip
	@command -v readelf >/dev/null && command -v objdump >/dev/null && command -v clang >/dev/null || scripts/install binutils clang
	scripts/package $(VERSION) $(DIST) $(FUNCTIONS)

verify-package: build ## run each zip in an empty root, as Lambda would, with one https call; after make package
	@command -v openssl >/dev/null || scripts/install openssl
	scripts/verify-package $(BIN) $(patsubst %,$(DIST)/%.zip,$(FUNCTIONS))

deploy: ## deploy to AWS: make deploy STACK=... BUCKET=... PARAMETERS="Key=Value ..." (YES=1 asks nothing)
	@test -n "$(STACK)" -a -n "$(BUCKET)" || { echo "deploy: STACK or BUCKET is not set; give both, as in make deploy STACK=usage BUCKET=my-artifacts"; exit 2; }
	scripts/deploy $(STACK) $(BUCKET) $(foreach pair,$(PARAMETERS),'$(pair)')

destroy: ## delete a deployment, after saying what stays: make destroy STACK=...
	@test -n "$(STACK)" || { echo "destroy: STACK is not set; name one, as in make destroy STACK=usage"; exit 2; }
	scripts/destroy $(STACK)

bench: build build-bench ## measure what the budgets promise; needs 4 GB below /tmp for a while
	BENCH=1 ANOMALYCTL=$(CURDIR)/$(BIN) swift test $(RELEASE_TESTS) --no-parallel --filter 'Benchmark|DetectorSpeed'

build-bench: deps
	swift build $(RELEASE) --product ingest-bench

instructions: build build-bench ## instructions for a record, counted by valgrind, against the accepted number (ACCEPT=1 writes it)
	scripts/instructions .build/release $(if $(ACCEPT),accept)

fuzz: deps ## let libFuzzer look for input that breaks a reader: make fuzz TARGET=Decode SECONDS=60; also Scanner, BulkReply, ServiceReply
	scripts/fuzz $(TARGET) $(SECONDS)

# One test after the other: many at once under a sanitizer starve each other until their time limits are reached. Leaks are not looked
# for: what constants hold through Swift's tagged pointers would be told as lost. Left out is what limits a program's files or aborts it,
# which the sanitizers' own runtime does not survive.
SANITIZED := --disable-xctest --no-parallel --skip IntegrationTests \
	--skip 'InvokeTests/ends|a store that filled up|a full disk is one line'
sanitize: deps ## the tests under the address sanitizer, then under the thread sanitizer
	ASAN_OPTIONS=detect_leaks=0 swift test --sanitize=address --scratch-path .build-asan $(SANITIZED)
	TSAN_OPTIONS=suppressions=$(CURDIR)/Tests/thread-sanitizer.txt swift test --sanitize=thread --scratch-path .build-tsan $(SANITIZED)

format: deps ## rewrite the sources in the house format
	swift format --in-place --parallel --recursive Package.swift Sources Tests

deps: ## the compiler and the C libraries; NO_INSTALL=1 only says what is missing
	@scripts/dependencies

clean: ## remove what was built and simulated
	rm -rf .build .build-tests .build-package .build-fuzz .build-asan .build-tsan $(DEMO) $(DIST)
