# The shipped rules against the samples, with the program under test. Part of `make check`.
check-run: check-domain
check-domain: all
	$(BUILD)/planlint test --mutate --isolated
	sh tests/broken $(BUILD)/planlint
	sh tests/samples $(BUILD)/planlint
	sh tests/ledger $(BUILD)/planlint

.PHONY: check-domain
