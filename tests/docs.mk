# Pages that are made from the program: docs-rules and docs-authors write them, check-docs refuses
# stale ones. Part of `make check`.
docs-rules: all
	sh tests/docs-rules $(BUILD)/planlint
docs-authors: all
	sh tests/docs-authors $(BUILD)/planlint

check-run: check-docs
check-docs: all
	sh tests/docs-rules $(BUILD)/planlint --check
	sh tests/docs-authors $(BUILD)/planlint --check

.PHONY: docs-rules docs-authors check-docs
