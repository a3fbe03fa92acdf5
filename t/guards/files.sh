#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Read by the guards with `.': where the source is, and what belongs to it.
cd "${srcdir:-.}" || exit 1

# sources PATTERN...: the project's files, in a clone and in an archive
sources()
{
    if [ -e .git ]; then
        git -c safe.directory="$PWD" ls-files -co --exclude-standard -- "$@" |
            while read -r file; do [ ! -f "$file" ] || echo "$file"; done
        return
    fi
    # but for what autoreconf, `make distcheck' and npm put there
    find . \( -path ./build-aux -o -path ./m4 -o -path './_*' \
        -o -name node_modules \) -prune -o -type f -print | sed 's,^\./,,' | sort | while read -r file; do
        # shellcheck disable=SC2254 # a pattern, and meant as one
        for one; do case $file in $one) echo "$file" ;; esac; done
    done
}

# wrong TITLE: standard input under a title; nothing where it is empty
wrong()
{
    found=$(cat)
    [ -z "$found" ] || printf '%s:\n%s\n' "$*" "$found"
}

# settle COMMAND...: a guard that says anything, on either output, has failed
settle()
{
    found=$("$@" 2>&1)
    [ -n "$found" ] || exit 0
    printf '%s\n' "$found"
    exit 1
}
