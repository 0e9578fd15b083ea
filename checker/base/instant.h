/*
 * Points in time as ISO 8601 writes them, for options that take them. No clock, no locale, and no
 * time zone but the one that is written.
 */
#ifndef PLANLINT_BASE_INSTANT_H
#define PLANLINT_BASE_INSTANT_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * The first and the last second (since 1970, UTC) that a text can mean: 2024, 2024-05 or 2024-05-27
 * (a day in UTC); a day with a time behind 'T' or a space, to the minute, to the second or finer,
 * with or without a zone (Z, +02:00, +0200, +02; none: UTC); or "@" and seconds, as git has it.
 * False, with both untouched, for anything else.
 */
bool instant_parse(int64_t *first, int64_t *last, struct slice text);

#endif
