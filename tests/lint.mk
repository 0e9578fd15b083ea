# make lint: what neither compiler nor tests see. `make format` mends what lint-format refuses.
CODE := $(sort $(shell find checker tests -name '*.[ch]' -o -name '*.cc'))
SCRIPTS := setup .ci/run tests/lint-layers tests/lint-code tests/lint-docs tests/docs-rules tests/docs-authors tests/pseudo po/pseudo checker/embed.sh \
	$(wildcard tests/*/run tests/*/*.sh)
TIDY := $(SRC:%.c=$(BUILD)/tidy/%.ok) $(BUILD)/tidy/checker/cli/main.ok

lint: lint-layers lint-code lint-docs lint-format lint-shell lint-symbols lint-tidy
	@echo 'lint: 7 passed, 0 failed'

lint-layers lint-code lint-docs:
	@sh tests/$@

# clang-format's taste changes with its version: Debian 12's is ours.
lint-format:
	@case "$$(clang-format --version 2>/dev/null)" in *' 14.'*) \
		clang-format --dry-run -Werror $(CODE) && echo "$@: $(words $(CODE)) files passed";; \
	*) echo "$@: no clang-format 14, nothing compared";; esac

format:
	clang-format -i $(CODE)

lint-shell:
	@if command -v shellcheck >/dev/null; then \
		shellcheck -S warning -e SC1007,SC1090,SC2034,SC2046,SC2115 $(SCRIPTS) && echo "$@: $(words $(SCRIPTS)) scripts passed"; \
	else for f in $(SCRIPTS); do sh -n $$f || exit 1; done; echo "$@: no shellcheck, syntax only"; fi

# The linker sees a name that two folders give only once both are needed.
lint-symbols: $(BUILD)/libplanlint.a
	@twice=$$(nm -g --defined-only $< | awk 'NF == 3 && $$2 ~ /[TDBR]/ {print $$3}' | sort | uniq -d); \
	[ -z "$$twice" ] || { echo "$@: defined twice: $$twice"; exit 1; }; echo "$@: passed"

# A file is looked at again when it or a header of it changed: its object file knows.
$(BUILD)/tidy/%.ok: %.c $(BUILD)/%.o .clang-tidy
	@mkdir -p $(@D)
	@clang-tidy --quiet $< -- $(CPPFLAGS) -DPLANLINT_LIBRARIES='""' -std=c17 2>$@.log || { cat $@.log; exit 1; }
	@touch $@
lint-tidy: $(TIDY)
	@echo "$@: $(words $(TIDY)) files passed"

.PHONY: lint lint-symbols lint-layers lint-code lint-docs lint-format lint-shell lint-tidy format
