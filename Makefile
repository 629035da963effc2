# Belwacht. `make run` shows it at work, `make test` checks all of it; each installs what it lacks and needs nothing else first.
#
#   make run                               a made-up organisation, an attack on it, and the console that shows both (ONCE=1 ends after the story)
#   make run FILE=Master.csv [CONFIG=…]    your own call records
#   make test                              build, lint, tests, race detector; under 15 minutes on 2 cores with cold caches
#   make accept BELWACHT_CORPUS=FOLDER     the full acceptance, with the data set beside the project
#   make bench                             measured beside peers, a line a figure
#   make bench-store [CALLS=10000000]      pages of the store with millions of calls in it; half an hour and 6 GB
#   make fuzz [FUZZTIME=60s]               every parser
#   make fit                               the rules' weights again, from seeds
#   make generate                          generated tables again, from their sources
#   make ui                                the console's style, script, icons and map, from npm
#   make networks                          the table of addresses anew, from npm

export CGO_ENABLED := 0
export GOTOOLCHAIN := local
# In a clone that git does not trust (another owner's), go could not ask it for the commit and would not build.
ifneq ($(shell git status >/dev/null 2>&1 && echo yes),yes)
export GOFLAGS := $(GOFLAGS) -buildvcs=false
endif
export PATH := $(PATH):/usr/local/go/bin
SHELL := /bin/bash
FUZZTIME ?= 60s
CALLS ?= 10000000

.PHONY: run build ui test lint race unit fuzz accept accept-judge accept-live accept-proof accept-records accept-release accept-fuzz bench bench-judge bench-memory bench-replay bench-live fit release generate networks clean bench-store accept-notify accept-console

run: ui build
ifdef FILE
	@stream=; [ -t 1 ] || stream=--stream; bin/belwacht replay $$stream $(if $(CONFIG),--config "$(CONFIG)") "$(FILE)"
else
	@bin/belwacht demo $(if $(ONCE),--once) || [ $$? = 130 ]
endif

build:
	@bash test/need.sh go
	@go build -trimpath -o bin/belwacht ./cmd/belwacht

# Where npm or the registry cannot be had the console is plain, and says so.
ui:
	@bash web/ui/make.sh

test:
	@bash test/all.sh

lint:
	@bash test/lint.sh

race:
	@bash test/race.sh

unit:
	@go test -count=1 -timeout 15m ./...

fuzz:
	@bash test/fuzz.sh "$(FUZZTIME)"

# In parts of at most 30 minutes each. Nothing skips in them.
accept: accept-judge accept-live accept-notify accept-proof accept-records accept-fuzz accept-release

accept-judge:
	@bash test/accept.sh judge

accept-release:
	@bash test/accept_release.sh

accept-records:
	@bash test/accept_records.sh

accept-console: ui
	@bash test/need.sh chromium
	@BELWACHT_ACCEPT=console go test -count=1 -timeout 29m -v -run "^Test(Pictures|Passkey|Settings|Wizard|WhatIf|WronglyStopped|Silences|Browser)$$" ./app/console ./web/people

accept-fuzz:
	@bash test/fuzz.sh 60s

accept-live:
	@bash test/accept_live.sh
	@BELWACHT_ACCEPT=live bash test/unskipped.sh go test -count=1 -timeout 29m -v -run '^Test(Killed|DiskFull|DiskFullMounted|Held)$$' ./store/sqlite

# Alerts to a real mail server, log server and webhook's receiver, over ten outages, restarts and kills; fail2ban's and Prometheus's own programs.
accept-notify:
	@bash test/need.sh fail2ban-regex promtool aiosmtpd rsyslogd webhook pebble
	@BELWACHT_ACCEPT=notify go test -count=1 -timeout 29m -v ./test/receivers ./app/telling ./app/certificate ./notify/...

# The same weeks from records and live, kill -9 a hundred times under load, and a minute of torture.
accept-proof:
	@BELWACHT_ACCEPT=live bash test/unskipped.sh go test -count=1 -timeout 29m -v ./test/proof

bench: bench-judge bench-memory bench-replay bench-live

bench-judge: build
	@bash test/need.sh redis-server
	@go run ./bench/speed judge

# How long events wait while the memory is copied.
bench-memory:
	@go run ./bench/speed memory

bench-replay: build
	@bash test/need.sh node npm
	@go run ./bench/speed replay

# Beside CGRateS where BELWACHT_CGRATES=/path/to/cgr-engine names one, else beside the design's goals.
bench-live: build
	@go run ./bench/speed live

# By itself, as it takes long: what every query of a page takes while calls are written.
bench-store:
	@go run ./bench/store -calls $(CALLS)

fit:
	@go run ./bench/fit

generate:
	@go generate ./...

networks:
	@bash test/need.sh npm zstd
	@sh network/table/fetch.sh

clean:
	@rm -rf bin

release:
	@bash packaging/release.sh
