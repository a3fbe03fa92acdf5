#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# No policy field is forgotten in a merge: the members of struct fa_policy come
# from the one list FA_POLICY_FIELDS, and the merge is written with it too.
. "${srcdir:-.}/t/guards/files.sh"
header=lib/core/fa_policy.h
source=lib/core/fa_policy.c

guard()
{
    grep -q '^#define FA_POLICY_FIELDS(' "$header" ||
        echo "$header: no FA_POLICY_FIELDS"
    # between the braces of the struct: the expansion, and nothing else
    members=$(sed -n '/struct fa_policy {/,/^}/p' "$header" |
        sed -e 1d -e '$d' -e 's,/\*.*\*/,,')
    printf '%s\n' "$members" | grep -q 'FA_POLICY_FIELDS(' ||
        echo "$header: struct fa_policy is not made of FA_POLICY_FIELDS"
    printf '%s\n' "$members" | grep ';' | wrong "members outside the list"
    sed -n '/fa_policy_merge(/,/^}/p' "$source" | grep -q 'FA_POLICY_FIELDS(' ||
        echo "$source: fa_policy_merge does not expand FA_POLICY_FIELDS"
}
settle guard
