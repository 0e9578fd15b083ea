/*
 * A fast keyed hash of bytes for tables whose keys come from hostile input. The key is drawn once
 * per process, so neither the value nor an order by it may reach any output or file.
 */
#ifndef PLANLINT_BASE_HASH_H
#define PLANLINT_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* SipHash-1-3 of `len` bytes with this process's key. `data` may be NULL where `len` is 0. */
uint64_t hash_bytes(const void *data, size_t len);

/* The same with a key of the caller's, for checksums: the same in every process. */
uint64_t hash_bytes_with(const uint64_t key[2], const void *data, size_t len);

#endif
