#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Each file of lib/ names its layer, and includes only its own and those above.
. "${srcdir:-.}/t/guards/files.sh"

guard()
{
    files=$(sources 'lib/core/*.[ch]' 'lib/httpd/*.[ch]' mod_fastauth.c)
    [ -n "$files" ] || echo "no source found"
    # shellcheck disable=SC2086 # a list
    awk '
    BEGIN {
        n = split("words proofs memory judgement answers glue module", name)
        for (i = 1; i <= n; i++)
            depth[name[i]] = i
    }
    FNR == 1 { file = FILENAME; sub(/.*\//, "", file) }
    FNR <= 2 && match($0, /Layer: [a-z]+\./) {
        layer[file] = substr($0, RSTART + 7, RLENGTH - 8)
    }
    FNR == 2 && !(layer[file] in depth) { print file ": no line Layer: WORD." }
    /^[ \t]*#[ \t]*include[ \t]*"/ {
        split($0, part, "\"")
        sub(/.*\//, "", part[2])
        from[++m] = file
        to[m] = part[2]
    }
    END {
        for (i = 1; i <= m; i++)
            if (to[i] in layer && depth[layer[to[i]]] > depth[layer[from[i]]])
                print from[i] " (" layer[from[i]] ") includes " to[i] \
                    " (" layer[to[i]] ")"
    }' $files
}
settle guard
