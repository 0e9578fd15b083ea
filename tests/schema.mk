# The JSON Schema suite in `make check`, and proof that its runner notices a turned expectation:
# cheap, and skipped with a word where the suites are not.
check-run: check-schema-suite
check-schema-suite: $(BUILD)/conformance/json_schema
	@if [ -d "$(CONFORMANCE_DIR)/json-schema" ]; then \
		$(BUILD)/conformance/json_schema "$(CONFORMANCE_DIR)" && \
		sh tests/conformance/json-schema-turned.sh $(BUILD)/conformance/json_schema "$(CONFORMANCE_DIR)"; \
	else echo "json-schema: no $(CONFORMANCE_DIR)/json-schema, nothing run"; fi

.PHONY: check-schema-suite

# Evaluation beside the strongest peer and ajv on real schemas, and parse included beside the peer;
# the tools come from the npm registry.
BENCH_DIR ?= ../shared/bench
BENCH_LOOP ?= 200
$(BUILD)/bench/node_modules:
	@mkdir -p $(@D)
	cd $(@D) && npm init -y >/dev/null && \
		npm install --no-audit --no-fund @sourcemeta/jsonschema@16.11.0 ajv@8 ajv-draft-04@1
bench-schema: $(BUILD)/planlint $(BUILD)/bench/measure $(BUILD)/bench/node_modules
	@if [ -d "$(BENCH_DIR)/json-schema" ]; then \
		sh tests/bench/schema.sh $(BUILD)/planlint "$(BENCH_DIR)/json-schema" $(BUILD)/bench $(BENCH_LOOP); \
	else echo "bench-schema: no $(BENCH_DIR)/json-schema, nothing run"; fi

.PHONY: bench-schema
