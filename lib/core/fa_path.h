/* Paths that two servers may read differently.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FA_PATH_H
#define FA_PATH_H

#include <stdbool.h>

/**
 * Whether a path, up to its `?` if it has one, holds %2f, %5c, %2e (in either
 * case), a backslash or a semicolon: httpd chose its sections by one reading of
 * it, and a backend may answer by another.
 */
bool fa_path_is_ambiguous(const char *path);

#endif
