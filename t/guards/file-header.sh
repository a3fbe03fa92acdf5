#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A C file begins with what it is for and, below lib/, its layer, in two lines,
# and its licence in one; a script names its licence in its first two lines.
. "${srcdir:-.}/t/guards/files.sh"
licence='SPDX-License-Identifier: Apache-2.0'

guard()
{
    sources '*.c' '*.h' | grep -q . || echo "no C"
    for file in $(sources '*.c' '*.h'); do
        sed -n 1p "$file" | grep -q '^/\* [^ ]' ||
            echo "$file: line 1 is not '/* What it is for'"
        sed -n 1,4p "$file" | grep -qxF "/* $licence */" ||
            echo "$file: no '/* $licence */' in its first lines"
    done
    for file in $(sources mod_fastauth.c 'lib/*.[ch]' 'lib/*/*.[ch]'); do
        sed -n 2p "$file" | grep -q '^ \* Layer: [a-z]*[.:].* \*/$' ||
            echo "$file: line 2 is not ' * Layer: WORD. */'"
    done
    for file in $(sources '*.sh' '*.t' '*.PL' '*.pm' '*.mjs' bootstrap \
        .ci/run configure.ac Makefile.am); do
        sed -n 1,2p "$file" | grep -q "^[#/]* $licence\$" ||
            echo "$file: no '$licence' in its first two lines"
    done
}
settle guard
