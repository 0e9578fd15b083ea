# The pre-commit hook with git and pre-commit: tests/hook/run. Part of `make check`.
check-run: check-hook
check-hook: $(BUILD)/planlint
	sh tests/hook/run $(BUILD)/planlint

.PHONY: check-hook
