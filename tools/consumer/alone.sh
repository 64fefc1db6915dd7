#!/bin/sh
# The lock-free half needs nothing of the locked one: copies an installed tandem without it, and compiles every
# lock-free header there. alone.sh COMPILER PREFIX FOLDER
set -eu
rm -rf "$3"
mkdir -p "$3"
cp -R "$2/include" "$3"
rm -r "$3/include/tandem/locked"
cd "$3/include"
compile() { "$1" -std=c++20 -Werror -Wall -fsyntax-only -x c++ -I . -; }
find tandem/lockfree -name '*.hpp' | sed 's/.*/#include <&>/' | compile "$1"

# The copy is what it claims to be.
if echo '#include <tandem/locked/counter.hpp>' | compile "$1" 2>/dev/null; then
    echo "the locked half is still there" >&2
    exit 1
fi
