/* A path for each operation, which httpd itself finds to be one of it.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAH_PROVE_H
#define FAH_PROVE_H

#include "fa_document.h"
#include "fah_module.h"

/**
 * Fill in what an operation (its said and method are set) prints, and a path
 * that it is for: proved by its own section and by the matcher of requests.
 *
 * section  the one that names it
 * one      receives path, sample and parameters, in pool
 *
 * Returns NULL, or what is wrong and what would help.
 */
const char *fah_prove(apr_pool_t *pool, server_rec *s,
                      const ap_conf_vector_t *section, fa_documented *one);

/* Whether a request for a path would be judged by this very operation, be it
 * among others. */
bool fah_is_judged_by(apr_pool_t *pool, server_rec *s, const fa_documented *one,
                      const char *path);

#endif
