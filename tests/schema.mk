# The JSON Schema suite in `make check`: cheap, and skipped with a word where the suites are not.
check-run: check-schema-suite
check-schema-suite: $(BUILD)/conformance/json_schema
	@if [ -d "$(CONFORMANCE_DIR)/json-schema" ]; then \
		$(BUILD)/conformance/json_schema "$(CONFORMANCE_DIR)" required; \
	else echo "json-schema: no $(CONFORMANCE_DIR)/json-schema, nothing run"; fi

.PHONY: check-schema-suite
