#!/bin/sh
# Prints a C++ example of a Markdown file, the first, the second ...: block.sh FILE NUMBER
set -eu
awk -v wanted="$2" '/^```/ { inside = !inside && $0 == "```cpp" && ++seen == wanted; next } inside { print; found = 1 }
    END { exit !found }' "$1" || { echo "$1: no \`\`\`cpp block number $2" >&2; exit 1; }
