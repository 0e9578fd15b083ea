# The store of verdicts under assault: a few of each in `make check`, the full numbers on their own.
#   make check-store-flips   10,000 bits flipped      make check-store-kills   killed at 1,000 points
STORE_SEED ?= 1
$(BUILD)/store-torture: $(BUILD)/tests/store/torture.o $(BUILD)/libplanlint.a
	$(Q)echo '  LD $@'; $(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)
check-run: check-store
check-store: $(BUILD)/store-torture
	sh tests/store/run $(BUILD) flips 100 $(STORE_SEED)
	sh tests/store/run $(BUILD) cuts 20 $(STORE_SEED)
	sh tests/store/run $(BUILD) kills 12 $(STORE_SEED)
check-store-flips: $(BUILD)/store-torture
	sh tests/store/run $(BUILD) flips 10000 $(STORE_SEED)
check-store-kills: $(BUILD)/store-torture
	sh tests/store/run $(BUILD) kills 1000 $(STORE_SEED)
.PHONY: check-store check-store-flips check-store-kills
