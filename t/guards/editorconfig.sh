#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What .editorconfig says holds: no white space at a line's end, a line feed at
# each file's end, no tab in C.
. "${srcdir:-.}/t/guards/files.sh"

guard()
{
    grep -q '^trim_trailing_whitespace = true$' .editorconfig ||
        echo ".editorconfig no longer asks for this"
    sources bootstrap | grep -q . || echo "no file found"
    sources '*.[ch]' '*.def' '*.sh' '*.t' '*.p[lm]' '*.mjs' README CHANGES bootstrap \
        configure.ac Makefile.am 'conf/*' | while read -r file; do
        grep -nIE '[[:blank:]]+$' "$file" | sed "s,^,$file:,"
        [ ! -s "$file" ] || [ -z "$(tail -c 1 "$file" | tr -d '\n')" ] ||
            echo "$file: no line feed at its end"
        case $file in
        *.c | *.h | *.def)
            grep -n "$(printf '\t')" "$file" | sed "s,^,$file: a tab: ," ;;
        esac
    done | wrong "not as .editorconfig says"
}
settle guard
