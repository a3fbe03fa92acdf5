/* A provider's directives stand beside the AuthPasswords that they are for.
 * Layer: glue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fah_check.h"

#include <string.h>

#include "fah_section.h"
#include "fah_walk.h"

/* A section, as far as passwords are concerned. */
typedef struct place {
    const ap_directive_t *container; /* NULL: the server */
    const ap_directive_t *host;      /* its <VirtualHost>; NULL: main server */
    const ap_directive_t *passwords; /* its AuthPasswords, or NULL */
    apr_array_header_t *providers;   /* const ap_directive_t *: its AuthUserFile
                                        and the like */
    const char *path;                /* of a plain <Location>, else NULL */
    int rank;                        /* sections of a higher one merge later */
    int order;                       /* as met in the tree */
} place;

static int rank_of(const ap_directive_t *container)
{
    static const struct {
        const char *name;
        int rank;
    } ranks[] = {{"<Directory", 1}, {"<DirectoryMatch", 1},
                 {"<Proxy", 1},     {"<ProxyMatch", 1},
                 {"<Files", 2},     {"<FilesMatch", 2},
                 {"<Location", 3},  {"<LocationMatch", 3},
                 {"<If", 4},        {"<ElseIf", 4},
                 {"<Else", 4}};

    for (size_t i = 0; container && i < sizeof ranks / sizeof *ranks; i++) {
        if (strcasecmp(container->directive, ranks[i].name) == 0)
            return ranks[i].rank;
    }
    return 0;
}

/* The directives of each of httpd's providers. */
static const struct {
    const char *provider, *start;
} directives[] = {{"file", "AuthUserFile"},  {"dbm", "AuthDBM"},
                  {"dbd", "AuthDBD"},        {"ldap", "AuthLDAP"},
                  {"socache", "AuthnCache"}, {"anon", "Anonymous"}};

static bool is_provider_directive(const char *name)
{
    for (size_t i = 0; i < sizeof directives / sizeof *directives; i++) {
        if (strncasecmp(name, directives[i].start,
                        strlen(directives[i].start)) == 0)
            return true;
    }
    return false;
}

/* Whether a provider's directive is of one that AuthPasswords names, or of any
 * where it names another than these: an alias may stand for each of them. */
static bool is_asked(apr_pool_t *scratch, const ap_directive_t *passwords,
                     const char *name)
{
    const char *args = passwords->args;
    bool asked = false;

    while (*args) {
        const char *word = ap_getword_conf(scratch, &args);
        bool known = strncmp(word, "cache=", 6) == 0;

        for (size_t i = 0; i < sizeof directives / sizeof *directives; i++) {
            bool is_it = strcasecmp(word, directives[i].provider) == 0;

            known = known || is_it;
            asked = asked ||
                    (is_it && strncasecmp(name, directives[i].start,
                                          strlen(directives[i].start)) == 0);
        }
        asked = asked || !known;
    }
    return asked;
}

static place *place_of(apr_pool_t *scratch, apr_array_header_t *places,
                       const ap_directive_t *directive)
{
    const ap_directive_t *up = directive->parent;
    place found = {0};
    place *added;

    for (; up; up = up->parent) {
        if (!found.container && rank_of(up) > 0)
            found.container = up;
        if (strcasecmp(up->directive, "<VirtualHost") == 0)
            found.host = up;
    }
    for (int i = 0; i < places->nelts; i++) {
        place *known = &APR_ARRAY_IDX(places, i, place);

        if (known->container == found.container && known->host == found.host)
            return known;
    }
    found.rank = rank_of(found.container);
    if (found.container &&
        strcasecmp(found.container->directive, "<Location") == 0 &&
        !fah_container_is_old_match(found.container)) {
        found.path = fah_container_argument(scratch, found.container);
        if (strpbrk(found.path, "*?["))
            found.path = NULL;
    }
    found.order = places->nelts;
    found.providers =
        apr_array_make(scratch, 2, sizeof(const ap_directive_t *));
    added = apr_array_push(places);
    *added = found;
    return added;
}

static void collect(apr_pool_t *scratch, apr_array_header_t *places,
                    const ap_directive_t *directive)
{
    for (; directive; directive = directive->next) {
        if (strcasecmp(directive->directive, "<AuthnProviderAlias") == 0)
            continue;
        if (strcasecmp(directive->directive, "AuthPasswords") == 0)
            place_of(scratch, places, directive)->passwords = directive;
        else if (is_provider_directive(directive->directive))
            APR_ARRAY_PUSH(place_of(scratch, places, directive)->providers,
                           const ap_directive_t *) = directive;
        collect(scratch, places, directive->first_child);
    }
}

/* Whether one request can fall into both. */
static bool may_meet(const place *a, const place *b)
{
    if (a->host && b->host && a->host != b->host)
        return false;
    return !a->path || !b->path || fah_path_is_below(a->path, b->path) ||
           fah_path_is_below(b->path, a->path);
}

/* Whether b's directives override a's wherever both count. */
static bool merges_later(const place *b, const place *a)
{
    if (a->rank != b->rank)
        return b->rank > a->rank;
    if (a->host != b->host)
        return a->host == NULL;
    /* Locations, plain or not, are merged as written. */
    return b->rank == 3 && b->order > a->order;
}

static bool has_directive(const place *where, const char *name)
{
    for (int i = 0; i < where->providers->nelts; i++) {
        if (strcasecmp(
                APR_ARRAY_IDX(where->providers, i, const ap_directive_t *)
                    ->directive,
                name) == 0)
            return true;
    }
    return false;
}

/* A directive of one place that can take the place of what the passwords of
 * another rely on, in some of its requests and not in others; NULL: none. */
static const ap_directive_t *undermines(apr_pool_t *scratch, const place *other,
                                        const place *passwords)
{
    if (other->passwords || !other->container || !may_meet(other, passwords))
        return NULL;
    for (int i = 0; i < other->providers->nelts; i++) {
        const ap_directive_t *directive =
            APR_ARRAY_IDX(other->providers, i, const ap_directive_t *);

        /* Its own, of the same name and merged later, makes up for it. */
        if (is_asked(scratch, passwords->passwords, directive->directive) &&
            !(merges_later(passwords, other) &&
              has_directive(passwords, directive->directive)))
            return directive;
    }
    return NULL;
}

bool fah_passwords_are_apart(apr_pool_t *scratch, server_rec *main_server)
{
    apr_array_header_t *places = apr_array_make(scratch, 8, sizeof(place));
    bool apart = true;

    collect(scratch, places, fah_tree());
    for (int i = 0; i < places->nelts * places->nelts; i++) {
        const place *a = &APR_ARRAY_IDX(places, i / places->nelts, place);
        const place *b = &APR_ARRAY_IDX(places, i % places->nelts, place);
        const ap_directive_t *provider =
            a != b && b->passwords ? undermines(scratch, a, b) : NULL;

        if (!provider)
            continue;
        apart = false;
        ap_log_error(APLOG_MARK, APLOG_EMERG, 0, main_server,
                     "%s (%s:%d) can stand in for what AuthPasswords (%s:%d) "
                     "asks, without naming it again: repeat AuthPasswords "
                     "beside it",
                     provider->directive, provider->filename,
                     provider->line_num, b->passwords->filename,
                     b->passwords->line_num);
    }
    return apart;
}
