#!/bin/sh
# Compiles and runs the first C++ example of a Markdown file: readme.sh COMPILER PREFIX FILE PROGRAM
set -eu
awk '/^```/ { if (inside) exit; inside = $0 == "```cpp"; next } inside' "$3" >"$4.cpp"
[ -s "$4.cpp" ] || { echo "$3: no \`\`\`cpp block" >&2; exit 1; }
exec "$(dirname "$0")/pkg_config.sh" "$1" "$2" "$4.cpp" "$4"
