#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# No file names a place of one machine: a home, or a folder at its root.
. "${srcdir:-.}/t/guards/files.sh"

homes='/(root|home/[a-z][a-z0-9_-]*|Users/[A-Za-z]+)(/|$)'
roots='/(work|farm|workspace|build|src)/'

guard()
{
    sources bootstrap | grep -q . || echo "no file found"
    sources '*' | grep -vxE 't/guards/paths.sh|LICENSE' | tr '\n' '\0' |
        xargs -0 grep -nIE "(^|[^]A-Za-z0-9_.*)}])($homes|$roots)" |
        wrong "a path of one machine"
}
settle guard
