# Explanations proven by mutation over the shipped rules and samples. Part of `make check`.
$(BUILD)/explanations: $(BUILD)/tests/proof/explanations.o $(BUILD)/libplanlint.a
	$(Q)echo '  LD $@'; $(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)
check-run: check-explanations
check-explanations: $(BUILD)/explanations
	ASAN_OPTIONS=detect_leaks=0 $(BUILD)/explanations samples

.PHONY: check-explanations
