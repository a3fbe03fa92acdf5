#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What a CGI is told: its environment, one variable a line.
printf 'Content-Type: text/plain\r\n\r\n'
env
