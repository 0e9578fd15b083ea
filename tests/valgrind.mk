# Once under valgrind, on the plain build: what the sanitizers of `make check` do not see
# (uninitialised values). The unit tests, and the golden cases of a few areas through a wrapper.
VALGRIND := valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite \
	--suppressions=$(CURDIR)/tests/valgrind.supp
# Suites of large inputs take minutes there; `make valgrind VALGRIND_LEFT_OUT=` runs them too.
VALGRIND_LEFT_OUT := test_cuts test_date test_hostile test_cel_hostile test_regex test_report_json test_worker
VALGRIND_CASES := cli report

$(BUILD)/valgrind/planlint: Makefile tests/valgrind.mk
	@mkdir -p $(@D)
	@printf '#!/bin/sh\nexec %s %s "$$@"\n' '$(VALGRIND)' '$(abspath $(BUILD)/planlint)' > $@ && chmod +x $@

valgrind: all $(BUILD)/unit $(BUILD)/valgrind/planlint
	$(VALGRIND) $(BUILD)/unit $(filter-out $(VALGRIND_LEFT_OUT),$(basename $(notdir $(UNIT))))
	sh tests/cases/run $(BUILD)/valgrind/planlint $(VALGRIND_CASES)

.PHONY: valgrind
