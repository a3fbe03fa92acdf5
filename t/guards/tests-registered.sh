#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# No test is written and then not run: every START_TEST is added to a case,
# every unit, fuzz target and guard is in Makefile.am. (t/*.t are found by name;
# one without a plan fails by itself.)
. "${srcdir:-.}/t/guards/files.sh"

unit_tests()
{
    tests=$(sed -n 's/^START_TEST(\([a-z0-9_]*\)).*/\1/p' "$1")
    [ -n "$tests" ] || echo "$1: no START_TEST"
    for test in $tests; do
        tr '\n' ' ' <"$1" |
            grep -qE "tcase_add_[a-z_]*test[a-z_]*\([^;]*\<$test\>" ||
            echo "$1: $test"
    done
}

guard()
{
    sources 't/unit/t_*.c' | grep -q . || echo "no t/unit/t_*.c"
    sources 't/[0-9]*.t' | grep -q . || echo "no t/NN-*.t"
    for file in $(sources 't/unit/t_*.c'); do unit_tests "$file"; done |
        wrong "not added to a case"
    for file in $(sources 't/unit/t_*.c' 't/fuzz/fuzz_*.c' 't/guards/*.sh'); do
        grep -qE "^[^#]*${file%.c}( |\$)" Makefile.am || echo "$file"
    done | wrong "not in Makefile.am"
}
settle guard
