# Leaks within libraries are not ours to report.
export LSAN_OPTIONS := suppressions=$(CURDIR)/tests/leaks-of-libraries:print_suppressions=0

# Tests on real repositories that git makes: tests/history/run. Part of `make check`.
check-run: check-history
check-history: $(BUILD)/history-probe $(BUILD)/history-fake $(BUILD)/planlint
	sh tests/history/run $(BUILD)

$(BUILD)/history-probe: $(BUILD)/tests/history/probe.o $(BUILD)/libplanlint.a
	$(Q)echo '  LD $@'; $(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

.PHONY: check-history

# The audit with a judge of its own, tests/history/fake.c
$(BUILD)/history-fake: $(BUILD)/tests/history/audit_probe.o $(BUILD)/tests/history/fake.o $(BUILD)/libplanlint.a
	$(Q)echo '  LD $@'; $(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# The audit against the oracle on many histories, and proof that its tests notice what is broken.
check-oracle: $(BUILD)/history-probe $(BUILD)/history-fake $(BUILD)/planlint
	ORACLE_SEEDS=$${ORACLE_SEEDS:-300} sh tests/history/run $(BUILD) oracle.test
check: check-mutants
check-mutants: $(BUILD)/history-probe $(BUILD)/history-fake $(BUILD)/planlint
	LIBS='$(LDFLAGS) $(LDLIBS)' sh tests/history/mutants $(BUILD) $(CC) $(CPPFLAGS) $(CFLAGS)
.PHONY: check-oracle check-mutants
