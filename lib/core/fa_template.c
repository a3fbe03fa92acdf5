/* Path templates, and the one matcher of their segments.
 * Layer: judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_template.h"

#include <ctype.h>
#include <string.h>

#include <apr_cstr.h>
#include <apr_strings.h>

#include "fa_path.h"
#include "fa_text.h"

/* --- templates ------------------------------------------------------------ */

static bool is_name(const char *text)
{
    if (isdigit((unsigned char)*text) || !*text)
        return false;
    for (; *text; text++) {
        if (!isalnum((unsigned char)*text) && *text != '_')
            return false;
    }
    return true;
}

static const char *check_literal(apr_pool_t *pool, const char *text)
{
    const char *shown = fa_text_log_value(pool, text, 80);

    if (strcmp(text, ".") == 0 || strcmp(text, "..") == 0)
        return apr_psprintf(pool, "the segment '%s' is never in a path", shown);
    if (strpbrk(text, "{}"))
        return apr_psprintf(
            pool, "the segment '%s' is neither a literal nor {name}", shown);
    /* What a URL would escape, or a backend might read otherwise. */
    if (strpbrk(text, "%?#\\;*\"<>^`| ") ||
        fa_text_has_control(text, strlen(text)) ||
        !fa_text_is_utf8(text, strlen(text)))
        return apr_psprintf(pool,
                            "the segment '%s' has a character that no "
                            "template can have",
                            shown);
    return NULL;
}

static const char *add_segment(apr_pool_t *pool, apr_array_header_t *segments,
                               char *text)
{
    size_t size = strlen(text);
    bool is_parameter = size > 1 && *text == '{' && text[size - 1] == '}';
    const char *wrong;

    if (is_parameter) {
        text[size - 1] = '\0';
        text++;
        if (!is_name(text))
            return apr_psprintf(pool,
                                "'{%s}': a parameter's name has letters, "
                                "digits and underscores, no digit first",
                                fa_text_log_value(pool, text, 80));
    }
    else if ((wrong = check_literal(pool, text)) != NULL) {
        return wrong;
    }
    for (int i = 0; is_parameter && i < segments->nelts; i++) {
        const fa_segment *other = &APR_ARRAY_IDX(segments, i, fa_segment);

        if (other->is_parameter && strcmp(other->text, text) == 0)
            return apr_psprintf(pool, "{%s} is there twice", text);
    }
    *(fa_segment *)apr_array_push(segments) = (fa_segment){text, is_parameter};
    return NULL;
}

const char *fa_template_parse(apr_pool_t *pool, const char *text,
                              const fa_template **read)
{
    fa_template *template = apr_palloc(pool, sizeof *template);
    const char *rest = text, *segment, *wrong = NULL;
    size_t size;

    if (*text != '/')
        return apr_psprintf(pool, "'%s' does not start with a slash",
                            fa_text_log_value(pool, text, 80));
    template->text = apr_pstrdup(pool, text);
    template->segments = apr_array_make(pool, 4, sizeof(fa_segment));
    while (!wrong && fa_path_next(&rest, &segment, &size))
        wrong = add_segment(pool, template->segments,
                            apr_pstrmemdup(pool, segment, size));
    if (!wrong && template->segments->nelts > FA_TEMPLATE_MAX_SEGMENTS)
        wrong = apr_psprintf(pool, "it has more than %d segments",
                             FA_TEMPLATE_MAX_SEGMENTS);
    if (!wrong)
        *read = template;
    return wrong;
}

static bool is_alike(const char *text, const char *segment, size_t size,
                     bool by_letter)
{
    if (strlen(text) != size)
        return false;
    return by_letter ? memcmp(text, segment, size) == 0
                     : apr_cstr_casecmpn(text, segment, size) == 0;
}

static bool matches(const fa_template *read, const char *path, bool by_letter)
{
    const char *segment;
    size_t size;

    for (int i = 0; i < read->segments->nelts; i++) {
        const fa_segment *due = &APR_ARRAY_IDX(read->segments, i, fa_segment);

        if (!fa_path_next(&path, &segment, &size) ||
            (!due->is_parameter &&
             !is_alike(due->text, segment, size, by_letter)))
            return false;
    }
    return !fa_path_next(&path, &segment, &size);
}

bool fa_template_matches(const fa_template *read, const char *path)
{
    return matches(read, path, false);
}

/* --- the matcher ---------------------------------------------------------- */

/* What stands for a method at the end of a template. */
typedef struct entry {
    const void *value; /* NULL: nothing */
    const fa_template *read;
} entry;

/* What is known behind some segments. */
typedef struct node {
    const char *literal;          /* the last of them, as first written; NULL:
                                     a parameter */
    size_t size;                  /* of it, in bytes */
    apr_array_header_t *literals; /* node *, sorted; or NULL */
    struct node *parameter;       /* or NULL */
    entry entries[FA_METHOD_NUMBERS];
    unsigned below; /* bit 1 << method of entries here and further down */
} node;

struct fa_matcher {
    apr_pool_t *pool;
    node *root;
};

static node *make_node(apr_pool_t *pool, const char *literal)
{
    node *made = apr_pcalloc(pool, sizeof *made);

    made->literal = literal;
    made->size = literal ? strlen(literal) : 0;
    return made;
}

fa_matcher *fa_matcher_create(apr_pool_t *pool)
{
    fa_matcher *matcher = apr_palloc(pool, sizeof *matcher);

    matcher->pool = pool;
    matcher->root = make_node(pool, NULL);
    return matcher;
}

/* The shorter first, then by letters: any order that is one will do. */
static int compare(const char *text, size_t size, const node *with)
{
    if (size != with->size)
        return size < with->size ? -1 : 1;
    return apr_cstr_casecmpn(text, with->literal, size);
}

/* Where a literal is, or would have to be, among sorted ones. */
static int place_of(const apr_array_header_t *literals, const char *text,
                    size_t size, bool *is_there)
{
    int low = 0, high = literals ? literals->nelts : 0;

    *is_there = false;
    while (low < high) {
        int middle = low + (high - low) / 2;
        int way = compare(text, size, APR_ARRAY_IDX(literals, middle, node *));

        if (way == 0) {
            *is_there = true;
            return middle;
        }
        if (way < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static node *literal_below(apr_pool_t *pool, node *at, const char *text)
{
    bool is_there;
    int place = place_of(at->literals, text, strlen(text), &is_there);
    node **elements;

    if (is_there)
        return APR_ARRAY_IDX(at->literals, place, node *);
    if (!at->literals)
        at->literals = apr_array_make(pool, 2, sizeof(node *));
    apr_array_push(at->literals);
    elements = (node **)at->literals->elts;
    memmove(elements + place + 1, elements + place,
            (size_t)(at->literals->nelts - 1 - place) * sizeof *elements);
    return elements[place] = make_node(pool, text);
}

static node *step(apr_pool_t *pool, node *at, const fa_segment *segment)
{
    if (!segment->is_parameter)
        return literal_below(pool, at, segment->text);
    if (!at->parameter)
        at->parameter = make_node(pool, NULL);
    return at->parameter;
}

const void *fa_matcher_add(fa_matcher *matcher, const fa_template *read,
                           fa_method method, const void *value)
{
    node *at = matcher->root;

    at->below |= 1u << method;
    for (int i = 0; i < read->segments->nelts; i++) {
        at = step(matcher->pool, at,
                  &APR_ARRAY_IDX(read->segments, i, fa_segment));
        at->below |= 1u << method;
    }
    if (at->entries[method].value)
        return at->entries[method].value;
    at->entries[method] = (entry){value, read};
    return NULL;
}

/* What one search is for. */
typedef struct search {
    const char *path;
    int method;
    fa_matched *matched;
    void *context;
} search;

/* Whether this is the one, letter by letter. */
static bool report(const entry *found, const search *by)
{
    if (!found->value)
        return false;
    by->matched(by->context, found->value);
    return matches(found->read, by->path, true);
}

/* Whether one was found that matches letter by letter. */
static bool find(const node *at, const char *path, const search *by)
{
    const char *segment;
    size_t size;
    bool is_there;
    int place;

    if (!(at->below & 1u << by->method))
        return false;
    if (!fa_path_next(&path, &segment, &size))
        return report(&at->entries[by->method], by);
    place = place_of(at->literals, segment, size, &is_there);
    if (is_there && find(APR_ARRAY_IDX(at->literals, place, node *), path, by))
        return true;
    return at->parameter && find(at->parameter, path, by);
}

void fa_matcher_find(const fa_matcher *matcher, const char *path,
                     int method_number, fa_matched *matched, void *context)
{
    const search by = {path, method_number, matched, context};

    if (method_number >= 0 && method_number < FA_METHOD_NUMBERS)
        find(matcher->root, path, &by);
}
