# Partner Center. `make demo` and `make test` install what they need themselves
# (Debian packages through apt-get; Go is expected).

PORT ?= 8080
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo development)
GO_BUILD = go build -trimpath -ldflags "-s -w -X main.version=$(VERSION)"

.PHONY: demo demo-reset test office-test test-all lint bench fuzz screenshots plugin build clean

build: ## the program, bin/partner-center
	@$(GO_BUILD) -o bin/partner-center ./cmd/partner-center

demo: ## the whole product on http://127.0.0.1:8080, or PORT=
	@scripts/install-deps demo
	@echo "Building partner-center …"
	@$(GO_BUILD) -o bin/partner-center ./cmd/partner-center
	@exec bin/partner-center demo --port $(PORT)

demo-reset: ## the demo from the start, without what was done in it
	@scripts/install-deps demo
	@$(GO_BUILD) -o bin/partner-center ./cmd/partner-center
	@bin/partner-center demo --forget
	@exec bin/partner-center demo --port $(PORT)

test: ## every test, in a real browser on the newest WordPress; S137 on 6.1.9 too
	@scripts/timed "install what the tests need" scripts/install-deps test
	@scripts/timed "Go, PHP and browser tests" scripts/test

office-test: ## every workbook opened by LibreOffice, which it installs (500 MB): not part of test
	@scripts/install-deps office
	@PARTNER_CENTER_OFFICE=1 go test -count=1 -run LibreOffice ./reports

lint: ## formatting, vet, staticcheck, imports, PHP
	@scripts/lint

bench: ## time and memory
	@go run ./cmd/testbed go test -run '^$$' -bench . -benchmem ./affiliate/... ./reports/... ./sidecar/admin/... ./sidecar/api ./sidecar/inbox

fuzz: ## every parser of outside bytes, a minute each
	@scripts/fuzz

screenshots: ## pictures of every screen, into screenshots/
	@scripts/install-deps test
	@PARTNER_CENTER_SCREENSHOTS=$(CURDIR)/screenshots go test -tags screenshots -count=1 -timeout 15m -run TestScreenshots ./e2e

plugin: ## dist/partner-center.zip for WordPress
	@mkdir -p dist && rm -f dist/partner-center.zip
	@go run ./cmd/plugin-zip dist/partner-center.zip

clean:
	@rm -rf bin dist screenshots
