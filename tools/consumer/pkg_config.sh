#!/bin/sh
# Compiles one file against an installed tandem, as a Makefile would, and runs it: pkg_config.sh COMPILER PREFIX FILE PROGRAM
set -eu
export PKG_CONFIG_PATH="$2/share/pkgconfig"
# shellcheck disable=SC2046 # one word an option
"$1" -std=c++20 -Wall -Wextra -Werror "$3" -o "$4" $(pkg-config --cflags --libs tandem)
"$4"
