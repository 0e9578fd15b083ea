# make po: the translations brought up to the words of the sources. lint-po: none is missing or
# doubtful, and each keeps the values of its original.
po:
	sh po/update
lint-po:
	@sh po/update --check
	@for f in $(PO); do sh tests/lint-po $$f || exit 1; done; echo "$@: passed"

# No text without a translation; part of make check.
check-run: check-pseudo
check-pseudo: all
	sh tests/pseudo $(BUILD)/planlint

.PHONY: po lint-po check-pseudo
