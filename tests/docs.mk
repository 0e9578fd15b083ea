# Pages that are made from the program: docs-rules, docs-authors and docs-readme write them, check-docs
# refuses stale ones. Part of `make check`.
docs-rules: all
	sh tests/docs-rules $(BUILD)/planlint
docs-authors: all
	sh tests/docs-authors $(BUILD)/planlint
docs-readme: all
	sh tests/docs-readme $(BUILD)/planlint

check-run: check-docs
check-docs: all
	sh tests/docs-rules $(BUILD)/planlint --check
	sh tests/docs-authors $(BUILD)/planlint --check
	sh tests/docs-readme $(BUILD)/planlint --check

.PHONY: docs-rules docs-authors docs-readme check-docs
