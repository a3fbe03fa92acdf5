#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The manual equals directives.def: what `make manual' would write is there.
manual=$PWD/lib/manual
. "${srcdir:-.}/t/guards/files.sh"

guard()
{
    for file in README conf/fastauth.conf; do
        "$manual" "$file" | diff -u "$file" - |
            wrong "$file is not what lib/directives.def says: run make manual"
    done
    rows=$(grep -cE '^FA_(DIRECTIVE|CONTAINER)\(' lib/directives.def)
    shown=$(grep -c '^#     effect ' conf/fastauth.conf)
    [ "$rows" -gt 0 ] || echo "lib/directives.def: no row"
    [ "$rows" = "$shown" ] || echo "$rows directives, $shown in the manual"
}
settle guard
