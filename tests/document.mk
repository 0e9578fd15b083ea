# document/: what the tree costs on top of the parser, fuzzing, all golden inputs cut at every byte.
.PHONY: bench-document

$(BUILD)/bench/document: tests/bench/document.c $(BUILD)/libplanlint.a
	@mkdir -p $(@D)
	$(Q)echo '  CC $@'; $(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(BUILD)/libplanlint.a $(LDLIBS)
bench-document: $(BUILD)/bench/document
	$<
