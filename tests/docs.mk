# Pages that are made from the program: docs-rules writes them, check-docs refuses stale ones. Part
# of `make check`.
docs-rules: all
	sh tests/docs-rules $(BUILD)/planlint

check-run: check-docs
check-docs: all
	sh tests/docs-rules $(BUILD)/planlint --check

.PHONY: docs-rules check-docs
