# document/: what the tree costs on top of the parser; golden inputs cut at every byte.
#   make bench-document     ratio of tree and parser, speed of JSON
#   make cuts               every YAML and JSON file of ours, cut at every byte, under the sanitizers
.PHONY: bench-document cuts cuts-run

$(BUILD)/bench/document: tests/bench/document.c $(BUILD)/libplanlint.a
	@mkdir -p $(@D)
	$(Q)echo '  CC $@'; $(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(BUILD)/libplanlint.a $(LDLIBS)
bench-document: $(BUILD)/bench/document
	$<

CUT_FILES = $(sort $(shell find rules schemas samples tests/cases tests/broken tests/hostile \
	-name '*.yaml' -o -name '*.yml' -o -name '*.json' | sed 's/ /\\ /g'))
$(BUILD)/cuts: tests/fuzz/cuts/cuts.c $(BUILD)/libplanlint.a
	$(Q)echo '  CC $@'; $(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(BUILD)/libplanlint.a $(LDLIBS)
cuts:
	+@$(MAKE) --no-print-directory BUILD=$(BUILD)/asan OPT='-O1 -g' SAN='$(SANITIZE)' cuts-run
cuts-run: $(BUILD)/cuts
	@$(BUILD)/cuts $(CUT_FILES)
