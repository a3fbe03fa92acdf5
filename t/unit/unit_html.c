/* Pages of HTML read as a browser reads them.
 * Tests only. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_html.h"

#include <apr_hash.h>
#include <apr_tables.h>

static const char tags[] =
    " !DOCTYPE html head meta title style body a header nav main section "
    "footer h1 h2 h3 p ul li dl dt dd details summary div span code var wbr br "
    "strong small table caption thead tbody tr th td figure figcaption pre q "
    "time ";
static const char empty[] = " !DOCTYPE meta wbr br ";
static const char attributes[] =
    " html lang charset name content id class href dir scope open tabindex "
    "datetime aria-label aria-labelledby ";

static const struct {
    const char *name;
    char character;
} entities[] = {{"&amp;", '&'},
                {"&lt;", '<'},
                {"&gt;", '>'},
                {"&quot;", '"'},
                {"&#39;", '\''}};

typedef struct reading {
    const char *open[64]; /* names of tags that are open */
    size_t depth;
    apr_hash_t *ids;
    apr_array_header_t *links; /* const char *: ids that must be there */
    int level;                 /* of the last heading */
} reading;

static bool is_in(const char *list, const char *word)
{
    return strstr(list, apr_pstrcat(unit_pool, " ", word, " ", NULL)) != NULL;
}

/* The character that an entity stands for; at is moved behind it. */
static char entity(const char **at)
{
    for (size_t i = 0; i < UNIT_COUNT(entities); i++) {
        size_t size = strlen(entities[i].name);

        if (strncmp(*at, entities[i].name, size) == 0) {
            *at += size;
            return entities[i].character;
        }
    }
    ck_abort_msg("no entity: %.40s", *at);
    return 0;
}

static void note(reading *page, const char *name, const char *value)
{
    ck_assert_msg(is_in(attributes, name), "the attribute %s", name);
    if (strcmp(name, "id") == 0) {
        ck_assert_msg(!apr_hash_get(page->ids, value, APR_HASH_KEY_STRING),
                      "two ids %s", value);
        ck_assert_msg(!strpbrk(value, " \t\r\n") && *value, "id '%s'", value);
        apr_hash_set(page->ids, value, APR_HASH_KEY_STRING, value);
    }
    if (strcmp(name, "href") == 0 && *value == '#')
        APR_ARRAY_PUSH(page->links, const char *) = value + 1;
    if (strcmp(name, "href") == 0)
        ck_assert_msg(*value == '#' || *value == '?', "a link to %s", value);
    if (strcmp(name, "aria-labelledby") == 0)
        APR_ARRAY_PUSH(page->links, const char *) = value;
}

/* A value within quotes; at is moved behind it. */
static const char *value_of(const char **at)
{
    const char *from = *at + 1, *to = from;

    ck_assert_msg(**at == '"', "no quote: %.40s", *at);
    while (*to && *to != '"') {
        ck_assert_msg(*to != '<' && *to != '>', "in a value: %.40s", to);
        if (*to == '&')
            entity(&to);
        else
            to++;
    }
    ck_assert_int_eq(*to, '"');
    *at = to + 1;
    return apr_pstrmemdup(unit_pool, from, (size_t)(to - from));
}

/* The attributes of a tag; at is moved behind its end. */
static void read_attributes(reading *page, const char **at)
{
    while (**at == ' ') {
        size_t size = strcspn(++*at, "= >");
        const char *name = apr_pstrmemdup(unit_pool, *at, size);

        *at += size;
        if (**at == '=') {
            ++*at;
            note(page, name, value_of(at));
        }
        else {
            note(page, name, "");
        }
    }
    ck_assert_msg(**at == '>', "a tag's end: %.40s", *at);
    ++*at;
}

static void open_tag(reading *page, const char *name)
{
    ck_assert_msg(is_in(tags, name), "the tag %s", name);
    if (name[0] == 'h' && name[1] >= '1' && name[1] <= '6') {
        ck_assert_msg(name[1] - '0' <= page->level + 1, "%s after h%d", name,
                      page->level);
        page->level = name[1] - '0';
    }
    if (is_in(empty, name))
        return;
    ck_assert_uint_lt(page->depth, UNIT_COUNT(page->open));
    page->open[page->depth++] = name;
}

static void close_tag(reading *page, const char *name)
{
    ck_assert_msg(page->depth > 0, "</%s> closes nothing", name);
    page->depth--;
    ck_assert_msg(strcmp(page->open[page->depth], name) == 0,
                  "</%s> closes <%s>", name, page->open[page->depth]);
}

static void read_tag(reading *page, const char **at)
{
    bool closes = *++*at == '/';
    size_t size = strcspn(*at += closes, " >");
    const char *name = apr_pstrmemdup(unit_pool, *at, size);

    *at += size;
    if (closes)
        close_tag(page, name);
    else
        open_tag(page, name);
    read_attributes(page, at);
}

void unit_check_html(const char *text)
{
    reading page = {.ids = apr_hash_make(unit_pool),
                    .links =
                        apr_array_make(unit_pool, 8, sizeof(const char *))};

    ck_assert_uint_eq(unit_times(text, "<style"), 1);
    for (const char *at = strpbrk(text, "<>&"); at; at = strpbrk(at, "<>&")) {
        bool is_style =
            page.depth > 0 && strcmp(page.open[page.depth - 1], "style") == 0;

        /* The style is ours, and ends with its tag. */
        if (is_style && strncmp(at, "</", 2) != 0) {
            at++;
            continue;
        }
        ck_assert_msg(*at != '>', "a > at %.40s", at);
        if (*at == '&')
            entity(&at);
        else
            read_tag(&page, &at);
    }
    ck_assert_uint_eq(page.depth, 0);
    for (int i = 0; i < page.links->nelts; i++) {
        const char *id = APR_ARRAY_IDX(page.links, i, const char *);

        ck_assert_msg(apr_hash_get(page.ids, id, APR_HASH_KEY_STRING) != NULL,
                      "nothing has the id %s", id);
    }
}

const char *unit_html_seen(const char *page)
{
    const char *at = strstr(page, "<body>");
    char *seen, *to;

    ck_assert_ptr_nonnull(at);
    seen = to = apr_palloc(unit_pool, strlen(at) + 1);
    while (*at) {
        if (*at == '<') {
            at += strcspn(at, ">");
            at += *at == '>';
        }
        else {
            *to++ = *at == '&' ? entity(&at) : *at++;
        }
    }
    *to = '\0';
    return seen;
}

size_t unit_times(const char *text, const char *part)
{
    size_t found = 0;

    for (text = strstr(text, part); text; text = strstr(text + 1, part))
        found++;
    return found;
}
