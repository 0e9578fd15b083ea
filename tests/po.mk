# make po: the words of the program into po/planlint.pot, and the translations brought up to them.
# lint-po: every message has a French text that is not marked as doubtful, with the same values.
PO_SOURCES := checker/source/message.def checker/report/state.def $(wildcard checker/report/*.c checker/cli/*.c)
$(BUILD)/planlint.pot: $(PO_SOURCES)
	@mkdir -p $(@D)
	@xgettext -L C --from-code=UTF-8 -k -kMESSAGE:2 -kSTATE:2 -kreport_words:2 -kplural:2,3 -kgettext \
		-kN_ --package-name=planlint --no-location -o $@ $(PO_SOURCES)
po: $(BUILD)/planlint.pot
	@for f in $(PO); do msgmerge -q --update --backup=none --no-fuzzy-matching --no-location $$f $<; done
lint-po: $(BUILD)/planlint.pot
	@for f in $(PO); do msgcmp --use-untranslated $$f $< || exit 1; sh tests/lint-po $$f || exit 1; done

.PHONY: po lint-po
