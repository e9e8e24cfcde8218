# PriorKit: `make help` lists the targets.

SWIFT_FLAGS ?=
.DEFAULT_GOAL := help
.PHONY: help setup build install uninstall data demo test check format examples programs docs bench clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Check the system libraries and the Swift toolchain; install missing Debian packages where allowed
	@scripts/setup

build: setup ## Build the priorkit command, optimised, as .build/release/priorkit
	swift build -c release --product priorkit $(SWIFT_FLAGS)

# Without a build: as root there may be no toolchain. The script reads PREFIX and DESTDIR.
install: ## Install the built command, its runtime, completions and man pages under PREFIX (default: /usr/local)
	@scripts/install

uninstall: ## Remove what `make install` installed under PREFIX
	@scripts/install --uninstall

data: build ## Make data/presets.h5 from data/presets.csv
	.build/release/priorkit import csv data/presets.csv --chain data/chain.yaml -o data/presets.h5 --force

demo: build ## From presets to a fitted prior, sampled presets and a transferred vocal, on the files in data/
	scripts/demo.sh

# The test run comes last, so that the last lines are its summary and the exit code is its own. Where a browser and ArviZ can
# be had, reports and files are opened with them too.
test: setup check ## Run the checks, then all tests, optimised
	@scripts/setup --tests
	PRIORKIT_ARVIZ="$$(scripts/check-arviz --install)" swift test -c release --disable-xctest --disable-testable-imports $(SWIFT_FLAGS)

check: ## Check formatting, imports, doc comments and words
	@scripts/check-format
	@scripts/check-imports
	@scripts/check-comments
	@scripts/check-words

format: ## Format all Swift sources in place
	@scripts/check-format --fix

# In the folder of the library's own build, whose modules need not be compiled again.
examples: setup ## Build the programs of Examples/, as .build/release/NAME
	swift build -c release --package-path Examples --scratch-path .build

# A debug build with one folder for both is the cheapest that sees every line.
programs: setup ## Build the packages Benchmarks/ and Experiments/, to see that they still compile
	swift build --package-path Benchmarks --scratch-path .build/programs
	swift build --package-path Experiments --scratch-path .build/programs

docs: build ## Build the reference of the libraries with DocC, under .build/docs
	@scripts/build-docs

bench: build ## Time the figures of Benchmarks/README.md; BENCH="--only fit" runs one, BENCH="--json FILE" keeps them
	swift run --package-path Benchmarks -c release bench $(BENCH)

clean: ## Remove everything that was built
	rm -rf .build Examples/.build Examples/*/.build Benchmarks/.build Sanitizers/.build demo-output
