#!/bin/sh
# Compiles and runs the first C++ example of a Markdown file: readme.sh COMPILER PREFIX FILE PROGRAM
set -eu
here=$(dirname "$0")
"$here/block.sh" "$3" 1 >"$4.cpp"
exec "$here/pkg_config.sh" "$1" "$2" "$4.cpp" "$4"
