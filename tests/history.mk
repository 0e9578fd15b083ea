# Leaks within libraries are not ours to report.
export LSAN_OPTIONS := suppressions=$(CURDIR)/tests/leaks-of-libraries:print_suppressions=0

# Tests on real repositories that git makes: tests/history/run. Part of `make check`.
check-run: check-history
check-history: $(BUILD)/history-probe $(BUILD)/planlint
	sh tests/history/run $(BUILD)

$(BUILD)/history-probe: $(BUILD)/tests/history/probe.o $(BUILD)/libplanlint.a
	$(Q)echo '  LD $@'; $(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

.PHONY: check-history
