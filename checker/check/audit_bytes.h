/*
 * The bytes of blobs that findings will be shown in, kept from their judging until then. Inside
 * check/, for audits.
 */
#ifndef PLANLINT_CHECK_AUDIT_BYTES_H
#define PLANLINT_CHECK_AUDIT_BYTES_H

#include "repository/repository.h"

/* A bounded number of bytes, of the blobs that came last. Any thread may use it. */
struct shelf;

struct shelf *shelf_new(void);
void shelf_free(struct shelf *shelf); /* NULL: nothing */

/* Takes the bytes of a blob over; where they are large or there already, they are released. */
void shelf_put(struct shelf *shelf, const struct object_id *blob, struct bytes *bytes);

/* The bytes of a blob, the caller's to release; false: they are not there. */
bool shelf_get(struct shelf *shelf, const struct object_id *blob, struct bytes *out);

#endif
