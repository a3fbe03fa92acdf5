/* Origins as browsers write them.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_cors.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>

#define SCHEME "abcdefghijklmnopqrstuvwxyz0123456789+.-"
#define HOST   "abcdefghijklmnopqrstuvwxyz0123456789._-"

/* How long the host of an authority is; 0: it is none. */
static size_t host_size(const char *text)
{
    size_t size = strspn(text, HOST);
    const char *dots;

    if (size == 0 || *text == '.' || text[size - 1] == '.')
        return 0;
    dots = strstr(text, "..");
    return dots && dots < text + size ? 0 : size;
}

/* The same of an IPv6 address in brackets, in its shortest form. */
static size_t address_size(const char *text)
{
    char address[INET6_ADDRSTRLEN], shortest[INET6_ADDRSTRLEN];
    unsigned char bytes[16];
    size_t size = strspn(text + 1, "0123456789abcdef:");

    if (text[size + 1] != ']' || size >= sizeof address)
        return 0;
    apr_cpystrn(address, text + 1, size + 1);
    if (inet_pton(AF_INET6, address, bytes) != 1 ||
        !inet_ntop(AF_INET6, bytes, shortest, sizeof shortest))
        return 0;
    /* That writes the end of some as IPv4, and browsers never do. */
    return strchr(shortest, '.') || strcmp(address, shortest) == 0 ? size + 2
                                                                   : 0;
}

static bool is_port(const char *text)
{
    size_t digits = strspn(text, "0123456789");

    return digits > 0 && digits < 6 && !text[digits] && *text != '0' &&
           strtol(text, NULL, 10) <= 65535;
}

/* Whether a port is what the scheme has by itself: browsers leave it out. */
static bool is_usual(const char *origin, const char *port)
{
    return (strncmp(origin, "http:", 5) == 0 && strcmp(port, "80") == 0) ||
           (strncmp(origin, "https:", 6) == 0 && strcmp(port, "443") == 0);
}

const char *fa_cors_origin_is_wrong(apr_pool_t *pool, const char *text)
{
    size_t scheme = strspn(text, SCHEME);
    const char *host = text + scheme + 3, *end;

    if (strcmp(text, "null") == 0)
        return "'null' is what every page without an origin says: it cannot "
               "be let in";
    if (*text < 'a' || *text > 'z' || strncmp(text + scheme, "://", 3) != 0)
        host = "";
    end = host + (*host == '[' ? address_size(host) : host_size(host));
    if (end > host && *end == '/')
        return apr_psprintf(pool, "'%s' is more than an origin: write %.*s",
                            text, (int)(end - text), text);
    if (end == host || (*end && (*end != ':' || !is_port(end + 1))))
        return apr_psprintf(pool,
                            "'%s' is no origin: write scheme://host or "
                            "scheme://host:port as browsers do, in lower case "
                            "and without a wildcard",
                            text);
    if (*end && is_usual(text, end + 1))
        return apr_psprintf(pool,
                            "'%s': browsers leave that port out: write "
                            "%.*s",
                            text, (int)(end - text), text);
    return NULL;
}
