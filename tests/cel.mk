# CEL: the suites in `make check`, proof that their runner notices what is wrong, and speed beside
# another engine.
check-run: check-cel-suites
check-cel-suites: $(BUILD)/conformance/cel
	@if [ -d "$(CONFORMANCE_DIR)/cel" ]; then \
		$(BUILD)/conformance/cel "$(CONFORMANCE_DIR)" && \
		sh tests/conformance/cel-turned.sh $(BUILD)/conformance/cel "$(CONFORMANCE_DIR)"; \
	else echo "cel: no $(CONFORMANCE_DIR)/cel, nothing run"; fi

$(BUILD)/bench-cel: $(BUILD)/tests/bench/cel.o $(BUILD)/libplanlint.a
	$(Q)echo '  LD $@'; $(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)
$(BUILD)/bench/cel/node_modules:
	@mkdir -p $(@D)
	cd $(@D) && npm init -y >/dev/null && npm install --no-audit --no-fund @marcbachmann/cel-js@8.0.0
bench-cel: $(BUILD)/bench-cel $(BUILD)/bench/cel/node_modules
	sh tests/bench/cel.sh $(BUILD)/bench-cel $(BUILD)/bench/cel

.PHONY: check-cel-suites bench-cel
