# planlint. `make` builds build/planlint and installs nothing; `./setup` installs what it needs.
#   make            the program          make check        unit tests and cases under sanitizers
#   make install    PREFIX= DESTDIR=     make conformance  the public suites
#   make lint       layers, format, ...  make bench*       ratios, never absolute times
PREFIX ?= /usr/local
BUILD ?= build
Q := $(if $(V),,@)
CC ?= cc
CXX ?= c++
OPT ?= -O2 -g
PKGS := glib-2.0 libfyaml libgit2 sqlite3 jansson libpcre2-8 re2 libidn2
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla \
	-Wwrite-strings -Wformat=2 $(if $(WERROR),-Werror)
VERSION := 0.1.0

MISSING := $(if $(filter clean distclean,$(MAKECMDGOALS)),,$(strip $(foreach p,$(PKGS),\
	$(if $(shell pkg-config --exists $(p) && echo y),,$(p)))))
ifneq ($(MISSING),)
$(error missing: $(MISSING); run ./setup, or install the development packages that README.md lists)
endif

LIBRARIES := $(patsubst -I%,-isystem %,$(shell pkg-config --cflags-only-I $(PKGS)))
# The oldest GLib we build with: newer deprecations say nothing, newer functions are refused.
GLIB := -DGLIB_VERSION_MIN_REQUIRED=GLIB_VERSION_2_74 -DGLIB_VERSION_MAX_ALLOWED=GLIB_VERSION_2_74
CPPFLAGS += $(GLIB) -Ichecker -Itests -I$(BUILD)/gen -D_GNU_SOURCE -DPLANLINT_VERSION='"$(VERSION)"' \
	-DLOCALEDIR='"$(PREFIX)/share/locale"' $(LIBRARIES)
CFLAGS += -std=c17 $(OPT) $(WARN) $(SAN) -fno-strict-aliasing
CXXFLAGS += -std=c++17 $(OPT) -Wall -Wextra $(SAN) -fno-exceptions -fno-rtti
LDLIBS := $(shell pkg-config --libs $(PKGS)) -lstdc++ -lm
LDFLAGS += $(SAN)

SRC := $(filter-out checker/cli/main.c,$(wildcard checker/*/*.c))
SRCXX := $(wildcard checker/*/*.cc)
EMBED := $(sort $(shell find rules schemas -type f -name '*.yaml' -o -type f -path 'schemas/metaschema/*.json' 2>/dev/null))
OBJ := $(SRC:%.c=$(BUILD)/%.o) $(SRCXX:%.cc=$(BUILD)/%.o) $(BUILD)/gen/embedded.o
UNIT := $(wildcard tests/unit/*/test_*.c)
PO := $(wildcard po/*.po)

all: $(BUILD)/planlint $(PO:po/%.po=$(BUILD)/locale/%/LC_MESSAGES/planlint.mo)

$(BUILD)/planlint: $(BUILD)/checker/cli/main.o $(BUILD)/libplanlint.a
	$(Q)echo '  LD $@'; $(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/libplanlint.a: $(OBJ)
	$(Q)echo '  AR $@'; rm -f $@; ar rcs $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(Q)echo '  CC $@'; $(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/checker/cli/version.o: CPPFLAGS += \
	-DPLANLINT_LIBRARIES='"$(strip $(foreach p,$(PKGS),$(p) $(shell pkg-config --modversion $(p))))"'

$(BUILD)/%.o: %.cc
	@mkdir -p $(@D)
	$(Q)echo '  CXX $@'; $(CXX) $(CPPFLAGS) $(CXXFLAGS) -MMD -MP -c -o $@ $<

# Built-in schemas and rules: one table of path, bytes, size.
$(BUILD)/gen/embedded.c: checker/embed.sh $(EMBED)
	@mkdir -p $(@D)
	@sh checker/embed.sh $(EMBED) > $@.tmp && mv $@.tmp $@
$(BUILD)/gen/embedded.o: $(BUILD)/gen/embedded.c
	$(Q)echo '  CC $@'; $(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(BUILD)/locale/%/LC_MESSAGES/planlint.mo: po/%.po
	@mkdir -p $(@D)
	msgfmt --check -o $@ $<

# --- tests: everything again under ASan and UBSan, in its own folder
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
check: all
	+$(MAKE) --no-print-directory BUILD=$(BUILD)/asan OPT='-O1 -g' SAN='$(SANITIZE)' WERROR=1 check-run

check-run: all $(BUILD)/unit
	$(BUILD)/unit
	sh tests/cases/run $(BUILD)/planlint

$(BUILD)/gen/suites.def: $(UNIT)
	@mkdir -p $(@D)
	@for f in $(UNIT); do echo "SUITE($$(basename $$f .c))"; done > $@
$(BUILD)/tests/unit/main.o: $(BUILD)/gen/suites.def
$(BUILD)/unit: $(UNIT:%.c=$(BUILD)/%.o) $(BUILD)/tests/unit/main.o $(BUILD)/libplanlint.a
	$(Q)echo '  LD $@'; $(CC) $(LDFLAGS) -o $@ $^ -lcunit $(LDLIBS)

# --- the public suites; each prints its own closing line
CONFORMANCE_DIR ?= ../shared/conformance
CONFORMANCE := $(patsubst tests/conformance/%.c,%,$(wildcard tests/conformance/*.c))
$(BUILD)/conformance/%: tests/conformance/%.c $(BUILD)/libplanlint.a
	@mkdir -p $(@D)
	$(Q)echo '  CC $@'; $(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(BUILD)/libplanlint.a $(LDLIBS)
conformance: $(CONFORMANCE:%=$(BUILD)/conformance/%)
	@if [ -d "$(CONFORMANCE_DIR)" ]; then status=0; for t in $(CONFORMANCE); do \
		$(BUILD)/conformance/$$t "$(CONFORMANCE_DIR)" || status=1; done; exit $$status; \
	else echo "conformance: no $(CONFORMANCE_DIR), nothing run"; fi

include $(wildcard tests/*.mk)

# Man pages need scdoc; where it is missing they are left out.
MAN := $(patsubst docs/%.scd,$(BUILD)/man/%,$(if $(shell command -v scdoc),$(wildcard docs/*.scd)))
$(BUILD)/man/%: docs/%.scd
	@mkdir -p $(@D)
	scdoc < $< > $@
SHARE := $(DESTDIR)$(PREFIX)/share
install: all $(MAN)
	install -D -m 755 $(BUILD)/planlint $(DESTDIR)$(PREFIX)/bin/planlint
	for f in $(PO:po/%.po=%); do install -D -m 644 $(BUILD)/locale/$$f/LC_MESSAGES/planlint.mo \
		$(SHARE)/locale/$$f/LC_MESSAGES/planlint.mo || exit 1; done
	for f in $(MAN); do install -D -m 644 $$f $(SHARE)/man/man$${f##*.}/$${f##*/} || exit 1; done
	for f in $(wildcard schemas/*.yaml); do install -D -m 644 $$f $(SHARE)/planlint/$$f || exit 1; done
	install -D -m 644 docs/completion/planlint.bash $(SHARE)/bash-completion/completions/planlint
	install -D -m 644 docs/completion/_planlint $(SHARE)/zsh/site-functions/_planlint
	install -D -m 644 docs/completion/planlint.fish $(SHARE)/fish/vendor_completions.d/planlint.fish

clean:
	rm -rf $(BUILD)

.PHONY: all check check-run conformance install clean
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
