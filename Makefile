# What a developer types. `make` alone lists the targets.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

SWIFT ?= swift
# More words for `swift test`, e.g. make test TEST_FLAGS='--filter AuditorTests'
TEST_FLAGS ?=

# How long `make fuzz` runs for each of its targets.
FUZZ_SECONDS ?= 60

# Every Swift file of ours; generated wire code is protoc's business.
SWIFT_SOURCES = find Package.swift Sources Tests -name '*.swift' \
	-not -path 'Sources/PeerLink/Generated/*' \
	-not -path 'Sources/RecordSchema/Generated/*' -print0

.PHONY: help setup build release test format lint schemas fuzz compare interop demo certs clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install the Debian packages that are missing (deploy/apt-packages)
	@deploy/setup

build: setup ## Build everything for debugging
	$(SWIFT) build

release: setup ## Build the three programs for production
	$(SWIFT) build --configuration release --product sanxiangd
	$(SWIFT) build --configuration release --product sanxiang
	$(SWIFT) build --configuration release --product sanxiang-bench

test: setup ## Build and run every test
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --parallel --disable-xctest $(TEST_FLAGS)

format: ## Rewrite the sources in the house format
	$(SWIFT_SOURCES) | xargs -0 $(SWIFT) format format --in-place

lint: ## Fail on anything that is not in the house format
	$(SWIFT_SOURCES) | xargs -0 $(SWIFT) format lint --strict

schemas: ## Write what follows from schemas/: types, embedded documents, the field reference
	$(SWIFT) run schema-codegen

fuzz: setup ## Fuzz the parser and the schema engine for FUZZ_SECONDS each
	Tests/Fuzz/run --seconds $(FUZZ_SECONDS)

compare: release ## Time jsonschema-rs (from PyPI) beside this engine, on the same record
	SANXIANG_BENCH="$$($(SWIFT) build --configuration release --show-bin-path)/sanxiang-bench" \
		Tests/Compare/jsonschema-rs

interop: setup ## Let Go's x/mod judge our logs and proofs, and this code judge its
	@deploy/setup deploy/apt-packages-interop
	SWIFT="$(SWIFT)" Tests/Interop/run

demo: setup ## Run three agencies on this machine and hand a lead around
	examples/demo.sh

certs: setup ## Mint a development federation's certificates into certs/out
	certs/mint

clean: ## Remove what building made
	$(SWIFT) package clean
	rm -rf .demo certs/out
