#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A file over 400 lines is two ideas; mod_fastauth.c is a list; fa_decide fits
# on one screen; a guard has forty lines.
. "${srcdir:-.}/t/guards/files.sh"

# at_most LINES FILE...: those that are longer, or not there
at_most()
{
    limit=$1
    shift
    for file; do
        lines=$(wc -l <"$file") || continue
        [ "$lines" -le "$limit" ] || echo "$file: $lines lines, of $limit"
    done
}

guard()
{
    # shellcheck disable=SC2046 # lists
    {
        at_most 120 mod_fastauth.c
        at_most 400 lib/core/fa_decide.c $(sources 'lib/*.[ch]' 'lib/*/*.[ch]')
        at_most 40 $(sources 't/guards/*.sh')
    }
    screen=$(sed -n '/fa_decide(/,/^}/p' lib/core/fa_decide.c | wc -l)
    [ "$screen" -gt 0 ] || echo "no fa_decide in lib/core/fa_decide.c"
    [ "$screen" -le 50 ] || echo "fa_decide: $screen lines, of 50"
}
settle guard
