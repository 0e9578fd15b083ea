/*
 * A fault of the system (file, git, database): one sentence for the user. Faults of the input are
 * findings (source/finding.h), faults of ours are assertions; neither comes through here.
 *
 * A function that can fail returns int, 0 or negative, and fills the struct error of its caller.
 */
#ifndef PLANLINT_BASE_ERROR_H
#define PLANLINT_BASE_ERROR_H

/* What the fault means for the exit status (DESIGN.md section 3). */
enum error_kind {
	ERROR_SYSTEM, /* could not tell: unreadable repository, missing object, I/O: exit 3 */
	ERROR_USAGE,  /* what the user typed or configured cannot be meant: exit 2 */
};

struct error {
	char *message; /* NULL: no error; owned, g_free */
	enum error_kind kind;
};

/*
 * Sets the sentence (lower case, no full stop) and returns -1, so that a function can end in it.
 * The first error stays: a second call on a set error changes nothing. `error` may be NULL.
 */
int error_set(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));
int error_usage(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A part of such a sentence in the language of the run; what is no text of ours stays as it is. */
const char *error_words(const char *text) __attribute__((format_arg(1)));

/* Frees the message; the struct is empty and usable afterwards. NULL is allowed. */
void error_clear(struct error *error);

#endif
