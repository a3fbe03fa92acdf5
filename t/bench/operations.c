/* One section with many operations, and a search for each of some requests:
 * operations.sh counts the instructions. Tests only. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <apr_general.h>
#include <apr_lib.h>
#include <apr_strings.h>

#include "fa_template.h"

/* Twenty times ten names of resources, with five operations each. */
static const char *const nouns[] = {
    "user",     "order",    "customer", "invoice", "product",
    "project",  "report",   "message",  "account", "payment",
    "shipment", "device",   "session",  "ticket",  "comment",
    "address",  "contract", "document", "event",   "group"};
static const char *const endings[] = {
    "s",     "-groups", "-types",   "-templates", "-settings",
    "-tags", "-events", "-reports", "-members",   "-archives"};
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct {
    fa_method method;
    const char *template, *path;
} shapes[] = {
    {FA_GET, "/%s", "/%s"},
    {FA_POST, "/%s", "/%s"},
    {FA_PATCH, "/%s/{id}", "/%s/81726354"},
    {FA_PUT, "/%s/{id}/orders/{order_id}", "/%s/81726354/orders/4711"},
    {FA_DELETE, "/%s/{id}/orders/{order_id}", "/%s/81726354/orders/4711"},
};

static const char *resource(apr_pool_t *pool, size_t number)
{
    return apr_pstrcat(pool, nouns[number % COUNT(nouns)],
                       endings[number / COUNT(nouns) % COUNT(endings)], NULL);
}

static void count_one(void *context, const void *value)
{
    (void)value;
    ++*(size_t *)context;
}

/* What is counted, by its name; not inlined, so that it has one. */
size_t measured(const fa_matcher *matcher, const char *path, int method);
__attribute__((noinline)) size_t measured(const fa_matcher *matcher,
                                          const char *path, int method)
{
    size_t found = 0;

    fa_matcher_find(matcher, path, method, count_one, &found);
    return found;
}

static fa_matcher *matcher_of(apr_pool_t *pool, size_t operations)
{
    fa_matcher *matcher = fa_matcher_create(pool);

    for (size_t i = 0; i < operations; i++) {
        const size_t shape = i % COUNT(shapes);
        const char *name = resource(pool, i / COUNT(shapes));
        const fa_template *read;

        if (fa_template_parse(pool,
                              apr_psprintf(pool, shapes[shape].template, name),
                              &read) ||
            fa_matcher_add(matcher, read, shapes[shape].method, read))
            exit(EXIT_FAILURE);
    }
    return matcher;
}

/* The request of an operation; of a kind that misses, or in other case. */
static char *request(apr_pool_t *pool, size_t operation, const char *kind)
{
    const size_t shape = operation % COUNT(shapes);
    const char *name = resource(pool, operation / COUNT(shapes));
    char *path = apr_psprintf(pool, shapes[shape].path, name);

    if (strcmp(kind, "miss") == 0)
        return apr_pstrcat(pool, path, operation % 2 ? "/x" : "s", "/none",
                           NULL);
    for (char *at = path; strcmp(kind, "case") == 0 && *at; at++)
        *at = (char)apr_toupper(*at);
    return path;
}

/* operations COUNT hit|case|miss */
int main(int count, char **words)
{
    apr_pool_t *pool;
    fa_matcher *matcher;
    size_t operations, wrong = 0;

    if (count != 3 || apr_initialize() != APR_SUCCESS ||
        apr_pool_create(&pool, NULL) != APR_SUCCESS)
        return EXIT_FAILURE;
    operations = (size_t)strtoul(words[1], NULL, 10);
    matcher = matcher_of(pool, operations);
    for (size_t i = 0; i < operations; i++) {
        const size_t due = strcmp(words[2], "miss") == 0 ? 0 : 1;

        wrong += measured(matcher, request(pool, i, words[2]),
                          (int)shapes[i % COUNT(shapes)].method) != due;
    }
    printf("%lu of %lu wrong\n", (unsigned long)wrong,
           (unsigned long)operations);
    return wrong || !operations ? EXIT_FAILURE : EXIT_SUCCESS;
}
