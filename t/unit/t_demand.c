/* Demands add up, and only `none` takes them away.
 * Tests of fa_demand. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "fa_demand.h"

#define KINDS   6
#define LETTERS "ASRCPO"

static const fa_demand *demand(fa_demand_kind kind, const char *text)
{
    fa_demand *made = apr_pcalloc(unit_pool, sizeof *made);

    made->kind = kind;
    made->text = text;
    made->methods = -1;
    return made;
}

static const fa_demands *add(const fa_demands *demands, fa_demand_kind kind,
                             const char *text)
{
    return fa_demands_add(unit_pool, demands, demand(kind, text));
}

/* "S:a R:b !C", for comparing. */
static const char *told(const fa_demands *demands)
{
    const char *text = "";

    for (int i = 0; demands && demands->list && i < demands->list->nelts; i++)
        text = apr_psprintf(
            unit_pool, "%s%c:%s ", text,
            LETTERS[APR_ARRAY_IDX(demands->list, i, const fa_demand *)->kind],
            APR_ARRAY_IDX(demands->list, i, const fa_demand *)->text);
    for (unsigned kind = 0; demands && kind < KINDS; kind++) {
        if (demands->dropped & 1u << kind)
            text = apr_psprintf(unit_pool, "%s!%c", text, LETTERS[kind]);
    }
    return text;
}

static const fa_demands *merge(const fa_demands *parent,
                               const fa_demands *child)
{
    return fa_demands_merge(unit_pool, parent, child);
}

START_TEST(directive_of_each_kind_is_named)
{
    static const char *const names[KINDS] = {
        "RequireAddress", "RequireScope",      "RequireRole",
        "RequireClaim",   "RequirePermission", "RequireOwner"};

    ck_assert_str_eq(fa_demand_directive((fa_demand_kind)_i), names[_i]);
}
END_TEST

START_TEST(childs_demands_come_on_top)
{
    const fa_demands *parent = add(NULL, FA_DEMAND_SCOPE, "a");
    const fa_demands *child =
        add(add(NULL, FA_DEMAND_SCOPE, "b"), FA_DEMAND_ROLE, "c");

    ck_assert_str_eq(told(merge(parent, child)), "S:a S:b R:c ");
    ck_assert_str_eq(told(parent), "S:a ");
    ck_assert_str_eq(told(child), "S:b R:c ");
}
END_TEST

START_TEST(none_drops_its_own_kind_of_what_is_inherited)
{
    const fa_demands *parent = NULL, *child, *below;

    for (unsigned kind = 0; kind < KINDS; kind++)
        parent = add(parent, (fa_demand_kind)kind, "a");
    child = add(fa_demands_drop(unit_pool, NULL, 1u << FA_DEMAND_SCOPE),
                FA_DEMAND_SCOPE, "b");
    ck_assert_str_eq(told(child), "S:b !S");
    ck_assert_str_eq(told(merge(parent, child)), "A:a R:a C:a P:a O:a S:b !S");
    below = fa_demands_drop(unit_pool, NULL, FA_DEMANDS_OF_IDENTITY);
    ck_assert_str_eq(told(merge(merge(parent, child), below)),
                     "A:a !S!R!C!P!O");
}
END_TEST

/* All sections that one to two lines can make, in threes. */
static const fa_demands *section(int number)
{
    static const char *const words[] = {"a", "b", "c", "d"};
    const fa_demands *made = NULL;

    if (number == 0)
        return NULL;
    for (int line = number; line > 0; line /= 8) {
        fa_demand_kind kind = (fa_demand_kind)(line % 4);

        made = line % 8 < 4 ? add(made, kind, words[line % 4])
                            : fa_demands_drop(unit_pool, made, 1u << kind);
    }
    return made;
}

START_TEST(merge_is_associative)
{
    const fa_demands *a = section(_i);

    for (int i = 0; i < 64; i++) {
        for (int j = 0; j < 64; j++) {
            const fa_demands *b = section(i), *c = section(j);

            ck_assert_str_eq(told(merge(merge(a, b), c)),
                             told(merge(a, merge(b, c))));
        }
    }
}
END_TEST

START_TEST(empty_section_changes_nothing)
{
    const fa_demands *a = section(_i);
    const fa_demands *empty = apr_pcalloc(unit_pool, sizeof *empty);

    ck_assert_str_eq(told(merge(a, NULL)), told(a));
    ck_assert_str_eq(told(merge(NULL, a)), told(a));
    ck_assert_str_eq(told(merge(a, empty)), told(a));
    ck_assert_str_eq(told(merge(empty, a)), told(a));
}
END_TEST

START_TEST(first_of_some_kinds_is_found)
{
    const fa_demands *demands =
        add(add(add(NULL, FA_DEMAND_ADDRESS, "1"), FA_DEMAND_ROLE, "2"),
            FA_DEMAND_ROLE, "3");

    ck_assert_str_eq(fa_demands_find(demands, ~0u)->text, "1");
    ck_assert_str_eq(fa_demands_find(demands, FA_DEMANDS_OF_IDENTITY)->text,
                     "2");
    ck_assert_ptr_null(fa_demands_find(demands, 1u << FA_DEMAND_SCOPE));
    ck_assert_ptr_null(fa_demands_find(NULL, ~0u));
    ck_assert_ptr_null(
        fa_demands_find(fa_demands_drop(unit_pool, NULL, ~0u), ~0u));
}
END_TEST

START_TEST(same_demands_are_of_the_same_lines)
{
    const fa_demand *one = demand(FA_DEMAND_SCOPE, "a");
    const fa_demand *other = demand(FA_DEMAND_SCOPE, "a");
    const fa_demands *a = fa_demands_add(unit_pool, NULL, one);
    const fa_demands *again = fa_demands_add(unit_pool, NULL, one);
    const fa_demands *b = fa_demands_add(unit_pool, NULL, other);
    const fa_demands *ab = fa_demands_add(unit_pool, a, other);
    const fa_demands *ba = fa_demands_add(unit_pool, b, one);
    const fa_demands *none = fa_demands_drop(unit_pool, NULL, ~0u);

    ck_assert(fa_demands_same(NULL, NULL));
    ck_assert(fa_demands_same(a, a));
    ck_assert(fa_demands_same(a, again));
    /* Another line of the same words; one more; another order. */
    ck_assert(!fa_demands_same(a, b));
    ck_assert(!fa_demands_same(a, ab));
    ck_assert(!fa_demands_same(ab, a));
    ck_assert(!fa_demands_same(ab, ba));
    ck_assert(!fa_demands_same(a, NULL));
    ck_assert(!fa_demands_same(NULL, a));
    /* `none` with nothing left of it demands nothing. */
    ck_assert(fa_demands_same(none, NULL));
    ck_assert(fa_demands_same(NULL, merge(none, none)));
    ck_assert(!fa_demands_same(none, a));
}
END_TEST

START_TEST(what_is_said_again_is_left_out)
{
    const fa_demands *scopes = add(NULL, FA_DEMAND_SCOPE, "a");
    const fa_demands *both = add(scopes, FA_DEMAND_ROLE, "b");
    const fa_demands *none = fa_demands_drop(
        unit_pool, both, 1u << FA_DEMAND_CLAIM | 1u << FA_DEMAND_SCOPE);
    const fa_demands *claim = add(NULL, FA_DEMAND_CLAIM, "c");
    const fa_demands *no_role =
        fa_demands_drop(unit_pool, NULL, 1u << FA_DEMAND_ROLE);

    ck_assert_str_eq(told(fa_demands_less(unit_pool, none, NULL)),
                     "S:a R:b !S!C");
    ck_assert_str_eq(told(fa_demands_less(unit_pool, none, scopes)), "R:b !C");
    ck_assert_str_eq(told(fa_demands_less(unit_pool, none, claim)),
                     "S:a R:b !S");
    ck_assert_str_eq(told(fa_demands_less(unit_pool, none, no_role)),
                     "S:a !S!C");
    ck_assert_str_eq(told(fa_demands_less(unit_pool, none, none)), "");
    ck_assert_str_eq(told(none), "S:a R:b !S!C");
    ck_assert_ptr_null(fa_demands_less(unit_pool, NULL, scopes));
}
END_TEST

START_TEST(demand_is_for_its_methods)
{
    fa_demand limited = {.methods = APR_INT64_C(1) << 3 | APR_INT64_C(1) << 62};

    for (int method = 0; method < 64; method++) {
        ck_assert_int_eq(fa_demand_is_for(&limited, method),
                         method == 3 || method == 62);
    }
    limited.methods = -1;
    for (int method = 0; method < 64; method++)
        ck_assert(fa_demand_is_for(&limited, method));
}
END_TEST

int main(void)
{
    TCase *demand_case = unit_case("demand");

    tcase_add_loop_test(demand_case, directive_of_each_kind_is_named, 0, KINDS);
    tcase_add_test(demand_case, childs_demands_come_on_top);
    tcase_add_test(demand_case, none_drops_its_own_kind_of_what_is_inherited);
    tcase_add_loop_test(demand_case, merge_is_associative, 0, 64);
    tcase_add_loop_test(demand_case, empty_section_changes_nothing, 0, 64);
    tcase_add_test(demand_case, first_of_some_kinds_is_found);
    tcase_add_test(demand_case, same_demands_are_of_the_same_lines);
    tcase_add_test(demand_case, what_is_said_again_is_left_out);
    tcase_add_test(demand_case, demand_is_for_its_methods);
    return unit_run("t_demand", demand_case, NULL);
}
