#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Calls that must not be made: the unbounded ones, the ones that hide state,
# asserting, libjwt's verifier, and a clock or randomness below the glue.
. "${srcdir:-.}/t/guards/files.sh"

never='atoi|atol|atoll|sscanf|strtok|strcpy|strcat|sprintf|vsprintf|gets'
never="$never|alloca|assert|jwt_decode|jwt_decode_2"
clock='apr_time_now|time|gettimeofday|clock_gettime|apr_generate_random_bytes'

# called NAMES FILE...: where one of them is called
called()
{
    names=$1
    shift
    grep -nE "(^|[^A-Za-z0-9_])($names)[[:space:]]*\(" "$@" /dev/null
}

guard()
{
    sources 'lib/core/*.c' | grep -q . || echo "no lib/core"
    # shellcheck disable=SC2046 # lists
    {
        called "$never" $(sources '*.c' '*.h' | grep -v '^t/') |
            wrong "banned"
        called "$clock" $(sources 'lib/core/*.[ch]') |
            wrong "a clock or randomness in lib/core"
    }
}
settle guard
