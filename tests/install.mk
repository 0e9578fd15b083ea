# What `make install` puts somewhere must work from there alone. Part of `make check`.
check-run: check-install
check-install: all
	+@MAKE='$(MAKE)' sh tests/install
.PHONY: check-install
