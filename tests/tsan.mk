# make tsan: what runs in several threads, under ThreadSanitizer: tests/tsan/run.
TSAN_WRAP := g_mutex_lock g_mutex_unlock g_thread_pool_new g_thread_pool_push g_thread_pool_free
tsan:
	+@$(MAKE) --no-print-directory BUILD=$(BUILD)/tsan OPT='-O1 -g' SAN=-fsanitize=thread $(BUILD)/tsan/tests/tsan/glib.o
	+@$(MAKE) --no-print-directory BUILD=$(BUILD)/tsan OPT='-O1 -g' SAN=-fsanitize=thread \
		LDFLAGS='-fsanitize=thread $(TSAN_WRAP:%=-Wl,--wrap=%) $(BUILD)/tsan/tests/tsan/glib.o' $(BUILD)/tsan/planlint
	sh tests/tsan/run $(BUILD)/tsan/planlint

.PHONY: tsan
