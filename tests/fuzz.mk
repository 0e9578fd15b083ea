# make fuzz: every tests/fuzz/NAME.c under libFuzzer with ASan and UBSan, FUZZ_SECONDS each; what it
# learns stays in build/fuzz/corpus/NAME. A crash is written to build/fuzz/NAME-crash-*.
FUZZ := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*.c))
FUZZ_SECONDS ?= 60
FUZZ_SEEDS := tests/hostile/yaml $(wildcard samples/plans)
FUZZ_SAN := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer

fuzz:
	+$(MAKE) --no-print-directory CC=clang CXX=clang++ BUILD=$(BUILD)/fuzz OPT='-O1 -g' SAN='$(FUZZ_SAN)' fuzz-run

$(BUILD)/run/%: tests/fuzz/%.c $(BUILD)/libplanlint.a
	@mkdir -p $(@D)
	$(Q)echo '  CC $@'; $(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -fsanitize=fuzzer -o $@ $< $(BUILD)/libplanlint.a $(LDLIBS)
fuzz-run: $(FUZZ:%=$(BUILD)/run/%)
	@for t in $(FUZZ); do mkdir -p $(BUILD)/corpus/$$t; \
		$(BUILD)/run/$$t -max_total_time=$(FUZZ_SECONDS) -timeout=20 -rss_limit_mb=2048 -max_len=4096 \
			-artifact_prefix=$(BUILD)/$$t- $(BUILD)/corpus/$$t $(FUZZ_SEEDS) 2>$(BUILD)/$$t.log \
		|| { tail -n 40 $(BUILD)/$$t.log; echo "fuzz: $$t failed"; exit 1; }; \
		echo "fuzz: $$t, $$(sed -n 's/^Done \([0-9]*\) runs.*/\1/p' $(BUILD)/$$t.log) runs, 0 failed"; done

.PHONY: fuzz fuzz-run
