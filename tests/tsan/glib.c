/*
 * What ThreadSanitizer cannot see in a GLib that was built without it: that an unlock happens
 * before the next lock, and a job handed to a pool before its run, which happens before the pool's
 * end. Linked into the program of `make tsan` with -Wl,--wrap, so that its calls come here.
 */
#include <glib.h>

/* of ThreadSanitizer's run time: everything before a release happens before the next acquire */
void __tsan_acquire(void *address);
void __tsan_release(void *address);

void __real_g_mutex_lock(GMutex *mutex);
void __real_g_mutex_unlock(GMutex *mutex);
GThreadPool *__real_g_thread_pool_new(GFunc function, gpointer data, gint threads,
				      gboolean exclusive, GError **error);
gboolean __real_g_thread_pool_push(GThreadPool *pool, gpointer job, GError **error);
void __real_g_thread_pool_free(GThreadPool *pool, gboolean immediate, gboolean wait);

void __wrap_g_mutex_lock(GMutex *mutex);
void __wrap_g_mutex_unlock(GMutex *mutex);
GThreadPool *__wrap_g_thread_pool_new(GFunc function, gpointer data, gint threads,
				      gboolean exclusive, GError **error);
gboolean __wrap_g_thread_pool_push(GThreadPool *pool, gpointer job, GError **error);
void __wrap_g_thread_pool_free(GThreadPool *pool, gboolean immediate, gboolean wait);

/* The only pool of the program. */
static struct {
	GFunc function;
	gpointer data;
	char begun, ended; /* addresses only */
} pool_of_program;

void __wrap_g_mutex_lock(GMutex *mutex)
{
	__real_g_mutex_lock(mutex);
	__tsan_acquire(mutex);
}

void __wrap_g_mutex_unlock(GMutex *mutex)
{
	__tsan_release(mutex);
	__real_g_mutex_unlock(mutex);
}

static void run_job(gpointer job, gpointer data)
{
	(void)data;
	__tsan_acquire(&pool_of_program.begun);
	pool_of_program.function(job, pool_of_program.data);
	__tsan_release(&pool_of_program.ended);
}

GThreadPool *__wrap_g_thread_pool_new(GFunc function, gpointer data, gint threads,
				      gboolean exclusive, GError **error)
{
	pool_of_program.function = function;
	pool_of_program.data = data;
	__tsan_release(&pool_of_program.begun);
	return __real_g_thread_pool_new(run_job, NULL, threads, exclusive, error);
}

gboolean __wrap_g_thread_pool_push(GThreadPool *pool, gpointer job, GError **error)
{
	__tsan_release(&pool_of_program.begun);
	return __real_g_thread_pool_push(pool, job, error);
}

void __wrap_g_thread_pool_free(GThreadPool *pool, gboolean immediate, gboolean wait)
{
	__real_g_thread_pool_free(pool, immediate, wait);
	__tsan_acquire(&pool_of_program.ended);
}
