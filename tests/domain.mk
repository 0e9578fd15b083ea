# The shipped rules against the samples, with the program as it is installed. Part of `make check`.
check: check-domain
check-domain: all
	sh tests/broken $(BUILD)/planlint
	sh tests/samples $(BUILD)/planlint
	sh tests/ledger $(BUILD)/planlint

.PHONY: check-domain
