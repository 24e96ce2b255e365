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

bench: ## measurements against the peers, a quarter of an hour; results in bench/results
	go run ./bench/peers -out bench/results/peers.json -page docs/operate/recognition.md
	go run ./bench/survive -out bench/results/survive.json -page docs/operate/recognition.md
	go run ./bench/hamming -sizes 10000,100000,1000000 -kinds uniform,correlated,poisoned -commit $$(git rev-parse --short HEAD) -out bench/results/hamming-1m.json
	go run ./bench/neartext -sizes 10000,100000 -o bench/results/neartext-100k.json

clean: ## what was made here
	rm -f staydown
