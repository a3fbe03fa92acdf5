/* The table of signature algorithms.
 * Layer: proofs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_alg.h"

#include <string.h>

static const fa_alg algs[] = {
    /* RFC 7518 section 3.2 */
    {"HS256", FA_KEY_OCT, "SHA256", 32, NULL, 0, false},
    {"HS384", FA_KEY_OCT, "SHA384", 48, NULL, 0, false},
    {"HS512", FA_KEY_OCT, "SHA512", 64, NULL, 0, false},
    /* section 3.3 */
    {"RS256", FA_KEY_RSA, "SHA256", 32, NULL, 0, false},
    {"RS384", FA_KEY_RSA, "SHA384", 48, NULL, 0, false},
    {"RS512", FA_KEY_RSA, "SHA512", 64, NULL, 0, false},
    /* section 3.5 */
    {"PS256", FA_KEY_RSA, "SHA256", 32, NULL, 0, true},
    {"PS384", FA_KEY_RSA, "SHA384", 48, NULL, 0, true},
    {"PS512", FA_KEY_RSA, "SHA512", 64, NULL, 0, true},
    /* section 3.4 */
    {"ES256", FA_KEY_EC, "SHA256", 32, "prime256v1", 32, false},
    {"ES384", FA_KEY_EC, "SHA384", 48, "secp384r1", 48, false},
    {"ES512", FA_KEY_EC, "SHA512", 64, "secp521r1", 66, false},
    /* RFC 8037 section 3.1 */
    {"EdDSA", FA_KEY_OKP, NULL, 0, "ED25519", 0, false},
};

const fa_alg *fa_alg_named(const char *name)
{
    for (size_t i = 0; i < sizeof(algs) / sizeof(algs[0]); i++) {
        if (!strcmp(algs[i].name, name))
            return &algs[i];
    }
    return NULL;
}
