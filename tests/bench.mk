# Speed, as ratios to a floor measured in the same run; absolute times say nothing.
#   make bench            check and audit of 2,000 plans and 2,000 commits
#   make bench-history    audit of 5,000 plans and 20,000 commits by a schema and 20 rules, or of REPO= by CONFIG=
BENCH := $(addprefix $(BUILD)/bench/,floor generate measure)
$(BUILD)/bench/%: tests/bench/%.c
	@mkdir -p $(@D)
	$(Q)echo '  CC $@'; $(CC) -O2 -g -std=gnu17 -o $@ $< $(shell pkg-config --cflags --libs libgit2 libfyaml)
bench: $(BUILD)/planlint $(BENCH)
	sh tests/bench/run $(BUILD) check 2000 2000
	sh tests/bench/run $(BUILD) history 2000 2000
bench-history: $(BUILD)/planlint $(BENCH)
	sh tests/bench/run $(BUILD) $(if $(REPO),repository $(REPO) $(CONFIG),history 5000 20000 tests/bench/law/planlint.yaml)
# at a small size: that it runs at all
bench-small: $(BUILD)/planlint $(BENCH)
	ROUNDS=1 sh tests/bench/run $(BUILD) check 50 50
	ROUNDS=1 sh tests/bench/run $(BUILD) history 50 100
.PHONY: bench bench-history bench-small
# what 100 rules and more add to reading 3,000 plans
$(BUILD)/bench-rules: $(BUILD)/tests/bench/rules.o $(BUILD)/libplanlint.a
	$(Q)echo '  LD $@'; $(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)
bench-rules: $(BUILD)/bench-rules
	$(BUILD)/bench-rules samples/plans
.PHONY: bench-rules
# check --staged FILE, warm, among 50 plans and among 5,000
bench-staged: $(BUILD)/planlint $(BENCH)
	sh tests/bench/staged.sh $(BUILD) 50 5000
# at a small size: that a warm check says what a cold one says. Part of `make check`.
check-run: check-staged
check-staged: $(BUILD)/planlint $(BENCH)
	ROUNDS=1 sh tests/bench/staged.sh $(BUILD) 30 300
.PHONY: bench-staged check-staged
