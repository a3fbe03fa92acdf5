/* Whatever the configuration holds, the page for people stays what it is.
 * Tests of fa_docs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit_html.h"
#include "unit_policy.h"
#include "unit_status.h"

#include "fa_curl.h"
#include "fa_docs.h"
#include "fa_text.h"

static const char *const more_evil[] = {
    "</style><script>alert(1)</script>",
    "</title></head><body onload=alert(1)>",
    "\"><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "]]>--><![CDATA[",
    "'; alert(1); '",
    "&lt;script&gt;",
    "\xe2\x80\xae<b>\xe2\x80\xac",
    "#\" autofocus onfocus=\"x",
};
#define EVILS (UNIT_HOSTILE + (int)UNIT_COUNT(more_evil))

enum {
    TITLE = 1,
    VERSION,
    DESCRIPTION,
    SERVER,
    SERVER_TEXT,
    TAG,
    TAG_TEXT,
    FLOW,
    PATH,
    NAME,
    PATTERN,
    EXAMPLE,
    ID,
    SUMMARY,
    SCHEME,
    SOURCE,
    SCOPE,
    ROLE,
    CLAIM,
    VALUE,
    BY_CLAIM,
    BY_HEADER,
    SAMPLE,
    FIELDS
};

/* A text of one field, which no other field has. */
static const char *evil(int i, int field)
{
    return apr_psprintf(unit_pool, "%d:%s:%d", field,
                        i < UNIT_HOSTILE ? unit_hostile[i]
                                         : more_evil[i - UNIT_HOSTILE],
                        field);
}

static apr_array_header_t *named(const char *name, const char *text)
{
    apr_array_header_t *list =
        apr_array_make(unit_pool, 1, sizeof(fa_api_name));

    APR_ARRAY_PUSH(list, fa_api_name) = (fa_api_name){name, text};
    return list;
}

static apr_array_header_t *listed(const char *text)
{
    apr_array_header_t *list =
        apr_array_make(unit_pool, 1, sizeof(const char *));

    APR_ARRAY_PUSH(list, const char *) = text;
    return list;
}

static const fa_server *evil_server(int i)
{
    fa_server *server = fa_server_create(unit_pool);

    server->api_title = evil(i, TITLE);
    server->api_version = evil(i, VERSION);
    server->api_description = evil(i, DESCRIPTION);
    server->api_servers = named(evil(i, SERVER), evil(i, SERVER_TEXT));
    server->api_tags = named(evil(i, TAG), evil(i, TAG_TEXT));
    server->api_flows = apr_array_make(unit_pool, 1, sizeof(fa_api_flow));
    APR_ARRAY_PUSH(server->api_flows, fa_api_flow) =
        (fa_api_flow){.token = evil(i, FLOW)};
    return server;
}

static const fa_demands *evil_demands(int i)
{
    static const fa_demand_kind kinds[] = {FA_DEMAND_SCOPE, FA_DEMAND_ROLE,
                                           FA_DEMAND_CLAIM};
    static const int fields[] = {SCOPE, ROLE, VALUE};
    const fa_demands *demands = NULL;

    for (size_t j = 0; j < UNIT_COUNT(kinds); j++) {
        fa_demand *demand = apr_pcalloc(unit_pool, sizeof *demand);

        demand->kind = kinds[j];
        demand->claim = evil(i, CLAIM);
        demand->text = evil(i, fields[j]);
        demand->values = listed(demand->text);
        /* An API key brings no claim: its name is seen where none is due. */
        demand->methods = kinds[j] == FA_DEMAND_CLAIM ? 1 << FA_GET : -1;
        demands = fa_demands_add(unit_pool, demands, demand);
    }
    return demands;
}

static const fa_policy *evil_policy(int i)
{
    fa_policy *policy = fa_policy_merge(
        unit_pool,
        unit_policy("AuthScheme oauth2 api-key-header:X-K\n"
                    "AuthTokenSource cookie:t\nRateLimit 5/1m by=claim:c\n"
                    "RateLimit 6/1m by=header:H"),
        fa_policy_create(unit_pool));
    const apr_array_header_t *limits = policy->limits->list;

    APR_ARRAY_IDX(policy->schemes->list, 1, fa_scheme).parameter =
        evil(i, SCHEME);
    APR_ARRAY_IDX(policy->token_sources, 0, fa_token_source).name =
        evil(i, SOURCE);
    ((fa_limit *)APR_ARRAY_IDX(limits, 0, const fa_limit *))->claim =
        evil(i, BY_CLAIM);
    ((fa_limit *)APR_ARRAY_IDX(limits, 1, const fa_limit *))->header =
        evil(i, BY_HEADER);
    policy->demands = evil_demands(i);
    return policy;
}

static fa_document *evil_document(int i)
{
    fa_document *one = apr_pcalloc(unit_pool, sizeof *one);
    apr_array_header_t *operations =
        apr_array_make(unit_pool, 1, sizeof(fa_documented));
    fa_operation *said = apr_pcalloc(unit_pool, sizeof *said);
    apr_array_header_t *parameters =
        apr_array_make(unit_pool, 1, sizeof(fa_parameter));

    APR_ARRAY_PUSH(parameters, fa_parameter) =
        (fa_parameter){evil(i, NAME), evil(i, PATTERN), evil(i, EXAMPLE)};
    said->summary = evil(i, SUMMARY);
    said->tags = listed(evil(i, TAG));
    for (int j = 0; j < 2; j++)
        APR_ARRAY_PUSH(operations, fa_documented) = (fa_documented){
            .path = evil(i, PATH),
            .sample = evil(i, SAMPLE),
            .method = j ? FA_POST : FA_GET,
            .policy = evil_policy(i),
            .said = said,
            .parameters = parameters,
            .id = apr_pstrcat(unit_pool, evil(i, ID), j ? "2" : "", NULL)};
    *one = (fa_document){evil_server(i), operations, "http://h:80"};
    return one;
}

static const char *command(const fa_document *of)
{
    const fa_documented *one = &APR_ARRAY_IDX(of->operations, 0, fa_documented);
    const apr_array_header_t *ways = fa_document_ways(unit_pool, one);

    return fa_curl(unit_pool, of->base, one, &APR_ARRAY_IDX(ways, 0, fa_way));
}

/* Each text is seen as what it is, and so is nowhere markup. */
START_TEST(evil_text_is_text)
{
    fa_document *one = evil_document(_i);
    const char *page = fa_docs_page(unit_pool, one);
    const char *seen = unit_html_seen(page);
    const char *text = evil(_i, 0);

    unit_check_html(page);
    if (fa_text_has_control(text, strlen(text)) ||
        !fa_text_is_utf8(text, strlen(text)))
        return;
    for (int field = TITLE; field < SAMPLE; field++) {
        if (field != ID)
            ck_assert_msg(strstr(seen, evil(_i, field)) != NULL,
                          "not seen: %s\nin: %s", evil(_i, field), seen);
    }
    ck_assert_ptr_nonnull(strstr(seen, command(one)));
    ck_assert_uint_eq(unit_times(page, "<script"), 0);
}
END_TEST

int main(void)
{
    TCase *docs = unit_case("docs");

    tcase_add_loop_test(docs, evil_text_is_text, 0, EVILS);
    return unit_run("t_docs_evil", docs, NULL);
}
