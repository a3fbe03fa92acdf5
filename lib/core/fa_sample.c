/* A path made from a regular expression's own text.
 * Layer: words. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fa_sample.h"

#include <stdbool.h>
#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>

#include "fa_class.h"
#include "fa_text.h"

#define SAMPLE_MAX 1024  /* bytes */
#define DEPTH_MAX  32    /* groups in each other */
#define COUNT_MAX  65535 /* {n}: PCRE's own limit */

/* Where in a pattern we are, and what was made so far. */
typedef struct reader {
    const char *at;
    char made[SAMPLE_MAX];
    size_t size;
    unsigned depth;
    bool is_muted;    /* in an alternative that is only read */
    bool folds_case;  /* (?i) */
    bool is_anchored; /* ^ stood before what was made */
    bool takes_slash; /* what was made first could be a slash */
} reader;

static bool put(reader *r, unsigned char byte)
{
    if (r->is_muted)
        return true;
    if (r->size == SAMPLE_MAX)
        return false;
    r->made[r->size++] = (char)byte;
    return true;
}

/* is_class receives whether one of it should be there where none need be. */
static bool put_one_of(reader *r, const fa_class *from, bool *is_class)
{
    int byte = fa_class_choose(from);

    if (r->size == 0)
        r->takes_slash = from->has['/'];
    if (byte < 0 || !put(r, (unsigned char)byte))
        return false;
    *is_class = byte != '/';
    return true;
}

/* --- groups --------------------------------------------------------------- */

static bool read_alternatives(reader *r);

/* `name>` or `name'`. */
static bool skip_name(reader *r, char end)
{
    const char *name = r->at;

    if (apr_isdigit(*name))
        return false;
    while (apr_isalnum(*r->at) || *r->at == '_')
        r->at++;
    return r->at > name && *r->at++ == end;
}

/* `i:`, or `i` before the parenthesis: ends_here. */
static bool read_flags(reader *r, bool *ends_here)
{
    for (; *r->at == 'i' || *r->at == 's'; r->at++)
        r->folds_case = r->folds_case || *r->at == 'i';
    *ends_here = *r->at == ')';
    if (*ends_here)
        return true;
    return *r->at++ == ':';
}

/* What stands behind the parenthesis and says which kind of group it is. */
static bool read_group_kind(reader *r, bool *ends_here)
{
    *ends_here = false;
    if (*r->at != '?')
        return true;
    r->at++;
    if (*r->at == '>') {
        r->at++;
        return true;
    }
    r->at += r->at[0] == 'P' && r->at[1] == '<';
    if (*r->at == '<' || *r->at == '\'') {
        char end = *r->at++ == '<' ? '>' : '\'';

        return skip_name(r, end);
    }
    return read_flags(r, ends_here);
}

/* (...), of which at is behind the parenthesis. */
static bool read_group(reader *r)
{
    bool folded = r->folds_case, ends_here;

    if (++r->depth > DEPTH_MAX || !read_group_kind(r, &ends_here) ||
        (!ends_here && !read_alternatives(r)) || *r->at != ')')
        return false;
    r->at++;
    r->depth--;
    if (!ends_here) /* else it holds for what follows */
        r->folds_case = folded;
    return true;
}

/* --- sequences ------------------------------------------------------------ */

/* Nothing is made of ^ and its like. */
static void anchor(reader *r, char which)
{
    if (r->size == 0 && !r->is_muted && (which == '^' || which == 'A'))
        r->is_anchored = true;
}

static bool read_escape(reader *r, bool *is_class)
{
    unsigned char byte;
    fa_class named;

    if (fa_class_is_named(*r->at)) {
        fa_class_of_letter(*r->at++, &named);
        return put_one_of(r, &named, is_class);
    }
    if (*r->at && strchr("AzZb", *r->at)) {
        anchor(r, *r->at++);
        return true;
    }
    return fa_class_escaped(&r->at, &byte) && put(r, byte);
}

static bool read_class(reader *r, bool *is_class)
{
    fa_class named;

    return fa_class_read(&r->at, r->folds_case, &named) &&
           put_one_of(r, &named, is_class);
}

static bool read_atom(reader *r, bool *is_class)
{
    unsigned char byte = (unsigned char)*r->at++;
    fa_class any = {.is_open = true};

    switch (byte) {
    case '(':
        return read_group(r);
    case '[':
        return read_class(r, is_class);
    case '\\':
        return read_escape(r, is_class);
    case '.':
        memset(any.has, true, sizeof any.has);
        return put_one_of(r, &any, is_class);
    case '^':
    case '$':
        anchor(r, (char)byte);
        return true;
    case '*': /* a repetition of nothing, or of a repetition */
    case '+':
    case '?':
    case '{':
        return false;
    default:
        return put(r, byte);
    }
}

static bool read_number(reader *r, unsigned *number)
{
    const char *from = r->at;

    for (*number = 0; apr_isdigit(*r->at) && *number <= COUNT_MAX; r->at++)
        *number = *number * 10 + (unsigned)(*r->at - '0');
    return r->at > from && *number <= COUNT_MAX;
}

/* n}, n,} or n,m} */
static bool read_counts(reader *r, unsigned *least, unsigned *most)
{
    if (!read_number(r, least))
        return false;
    *most = *least;
    if (*r->at == ',') {
        r->at++;
        *most = COUNT_MAX;
        if (*r->at != '}' && !read_number(r, most))
            return false;
    }
    return *least <= *most && *r->at++ == '}';
}

static bool read_repetition(reader *r, unsigned *least, unsigned *most)
{
    *least = *most = 1;
    if (!*r->at || !strchr("*+?{", *r->at))
        return true;
    *least = *r->at == '+' ? 1 : 0;
    *most = *r->at == '?' ? 1 : COUNT_MAX;
    if (*r->at++ == '{' && !read_counts(r, least, most))
        return false;
    r->at += *r->at == '?' || *r->at == '+'; /* lazy, possessive */
    return true;
}

/* So many times what was made from there on. */
static bool repeat(reader *r, size_t from, unsigned times)
{
    size_t size = r->size - from;

    if (times == 0)
        r->size = from;
    for (; times > 1 && size > 0; times--) {
        if (size > SAMPLE_MAX - r->size)
            return false;
        memcpy(r->made + r->size, r->made + from, size);
        r->size += size;
    }
    return true;
}

static bool read_sequence(reader *r)
{
    while (*r->at && *r->at != '|' && *r->at != ')') {
        size_t from = r->size;
        bool is_class = false;
        unsigned least, most;

        if (!read_atom(r, &is_class) || !read_repetition(r, &least, &most))
            return false;
        if (is_class && least == 0 && most > 0)
            least = 1;
        if (!repeat(r, from, least))
            return false;
    }
    return true;
}

static bool read_alternatives(reader *r)
{
    bool was_muted = r->is_muted;

    if (!read_sequence(r))
        return false;
    while (*r->at == '|') {
        r->at++;
        r->is_muted = true;
        if (!read_sequence(r))
            return false;
    }
    r->is_muted = was_muted;
    return true;
}

const char *fa_sample_of(apr_pool_t *pool, const char *pattern)
{
    reader r = {.at = pattern};
    const char *sample;

    if (!read_alternatives(&r) || *r.at)
        return NULL;
    sample = apr_pstrmemdup(pool, r.made, r.size);
    if (*sample != '/' && (!*sample || !r.is_anchored || r.takes_slash))
        sample = apr_pstrcat(pool, "/", sample, NULL);
    if (strlen(sample) > SAMPLE_MAX || strlen(sample) < r.size ||
        fa_text_has_control(sample, strlen(sample)) ||
        !fa_text_is_utf8(sample, strlen(sample)))
        return NULL;
    return sample;
}
