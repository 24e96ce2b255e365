# The two commands: "make test" proves the tree, "make build" makes the binary.

.DEFAULT_GOAL := help
export GOTOOLCHAIN := local

.PHONY: help build test bench clean tools check unit postgres race e2e browser

help: ## what can be made
	@grep -hE '^[a-z0-9 ]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ -/'

build: ## one static binary: ./staydown
	CGO_ENABLED=0 go build -trimpath -o staydown ./cmd/staydown

test: ## every stage, installing what is missing when it may, with the seconds of each
	go run ./internal/stage $(STAGE_FLAGS)

tools check unit postgres race e2e browser: ## one stage of make test
	go run ./internal/stage $(STAGE_FLAGS) $@

bench: ## measurements against the peers
	go test -run '^$$' -bench . ./bench/...

clean: ## what was made here
	rm -f staydown
