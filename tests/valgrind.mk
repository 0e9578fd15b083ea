# Once under valgrind, on the plain build: what the sanitizers of `make check` do not see
# (uninitialised values). The unit tests, and the golden cases of a few areas through a wrapper.
VALGRIND := valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite
VALGRIND_CASES := cli report

$(BUILD)/valgrind/planlint: Makefile tests/valgrind.mk
	@mkdir -p $(@D)
	@printf '#!/bin/sh\nexec %s %s "$$@"\n' '$(VALGRIND)' '$(abspath $(BUILD)/planlint)' > $@ && chmod +x $@

valgrind: all $(BUILD)/unit $(BUILD)/valgrind/planlint
	$(VALGRIND) $(BUILD)/unit
	sh tests/cases/run $(BUILD)/valgrind/planlint $(VALGRIND_CASES)

.PHONY: valgrind
