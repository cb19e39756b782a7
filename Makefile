# The targets that need Docker depend on setup, which ends at once when the
# engine and the images are there.

.PHONY: setup demo test lint vuln bench examples weights install man soak

setup:
	@go run ./lab/cmd/lab setup

demo: setup
	go run ./grader/cmd/grader examples/submissions/degraded-mode

test: setup lint
	go test -race -timeout 25m ./...

lint:
	@unformatted=$$(gofmt -l .); test -z "$$unformatted" || \
		{ echo "error: not formatted: $$unformatted" >&2; echo "hint: gofmt -w ." >&2; exit 1; }
	go vet ./...
	go tool staticcheck ./...
	@$(supply) licences
	@$(supply) vulnerabilities --optional

# What is known against the modules that we use. lint looks where it can, and warns where it
# cannot; here that is an error.
supply = go run ./lab/supply/cmd/supply
vuln:
	@$(supply) vulnerabilities

# Many grades, killed half way, beside an engine that is started anew. SOAK passes parameters,
# such as SOAK='-soak.docker=50 -soak.restart="systemctl restart docker"'.
soak: setup
	go test -tags soak -timeout 0 -v -run TestSoak ./grader -args $(SOAK)

# The programs with their manual pages and completion: MAN and GOBIN say where they go.
MAN = $(HOME)/.local/share/man/man1
install: man
	go install ./lab/cmd/lab ./grader/cmd/grader ./rubric/cmd/rubric

man:
	@for p in lab grader rubric; do go run ./$$p/cmd/$$p man $(MAN) || exit; done

# Submissions that attack the grader, each with and without the defence that stops it.
.PHONY: hostile
hostile: setup
	go build -o $${TMPDIR:-/tmp}/firedrill-hostile ./grader/hostile/cmd/hostile
	$${TMPDIR:-/tmp}/firedrill-hostile

bench: setup
	go test -run '^$$' -bench . -benchtime 3x ./...

# After a change of the kit: bring the files that examples do not change up to date.
examples:
	go run ./examples/cmd/examples

# After a change of the rules for notes: learn the second reader's weights anew. Of the sets,
# set15 is for measuring alone.
strangers = examples/strangers/set
weights:
	go run ./grader/cmd/grader train --out rubric/payment/weights.tsv \
		$(foreach n,9 12 13 14,--unseen $(strangers)$(n)) \
		examples/calibration $(foreach n,1 2 3 4 5 6 7 8 10 11,$(strangers)$(n))
