/* Counts for the tests of fa_status, with names that nobody would choose.
 * Tests only. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_status.h"

const char *const unit_hostile[UNIT_HOSTILE] = {
    "/plain",
    "\"",
    "\\",
    "\\\"",
    "\\n",
    "a\nb",
    "a\r\nb 1\n",
    "\"} 1\nevil_total{x=\"",
    "</code></table><script>alert(1)</script>",
    "<!--",
    "& &amp; &#60;",
    "'\" onmouseover='x'",
    "\t\x01\x1b[2J\x7f",
    "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
    "\xff\xfe",
    "\xc3",
    "\xed\xa0\x80",
    "%s%n%%",
    "{}[],:",
    "",
};

fa_limit unit_limit(const char *name)
{
    return (fa_limit){
        .name = name,
        .by = FA_BY_IP | FA_BY_CLAIM,
        .claim = name,
        .section = {"LocationMatch", name, "httpd.conf", 1},
    };
}

fa_status *unit_status(const char *name)
{
    static const fa_section plain = {"Location", "/api", "httpd.conf", 1};
    fa_section section = {"LocationMatch", name, "httpd.conf", 2};
    fa_limit limit = unit_limit(name), throttle = unit_limit("30/1m");
    fa_status *status = fa_status_create(unit_pool);

    throttle.on_failure = true;
    status->since = (apr_time_t)1795529689 * APR_USEC_PER_SEC;
    for (unsigned i = 0; i < FA_VERDICT_COUNT; i++) {
        status->verdicts[i] = 1000 + i;
        status->reported[i] = 2000 + i;
    }
    fa_status_add_section(status, "main", &plain, 11, 12, 13);
    fa_status_add_section(status, UNIT_STATUS_SERVER, &section, 21, 22, 23);
    fa_status_add_limit(status, "main", &throttle, 31, 32);
    fa_status_add_limit(status, UNIT_STATUS_SERVER, &limit, 41, 42);
    status->has_store = true;
    for (unsigned i = 0; i < FA_STORE_KINDS; i++)
        status->store[i] = (fa_store_fill){500 + i, 600 + i, 700 + i};
    status->cache_hits = 51;
    status->cache_misses = 52;
    status->log_dropped = 53;
    return status;
}
