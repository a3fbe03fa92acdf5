/* What every fuzz target needs. Built with replay.c, or with libFuzzer's main.
 * Tests only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <apr_general.h>
#include <apr_pools.h>

/* The target: any bytes are fine, abort() is a finding. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_CHECK(claim) \
    do {                  \
        if (!(claim))     \
            abort();      \
    } while (0)

/* A new pool; where it is for one input, the target destroys it. */
static inline apr_pool_t *fuzz_pool(void)
{
    apr_pool_t *pool;

    FUZZ_CHECK(apr_initialize() == APR_SUCCESS);
    FUZZ_CHECK(apr_pool_create(&pool, NULL) == APR_SUCCESS);
    return pool;
}

#endif
