#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# .clang-format decides. Versions differ in what they decide, so it is asked
# of version 14 only.
: "${CLANG_FORMAT:=clang-format}"
. "${srcdir:-.}/t/guards/files.sh"

guard()
{
    sources '*.c' '*.h' | grep -q . || echo "no C"
    sources '*.c' '*.h' | xargs "$CLANG_FORMAT" --dry-run -Werror
}

if ! $CLANG_FORMAT --version 2>/dev/null | grep -q 'version 14\.'; then
    echo "clang-format 14 is not here: the format is not checked"
    exit 77
fi
settle guard
