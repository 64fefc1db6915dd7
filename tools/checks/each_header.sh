#!/bin/sh
# each_header.sh FOLDER COMPILER OPTION...: compiles every public header below an include folder on its own.
# What stands under tandem/world is reached through tandem/world.hpp only.
set -eu
folder=$1
shift
headers=$(cd "$folder" && find tandem -name '*.hpp' ! -path 'tandem/world/*' | LC_ALL=C sort)
[ -n "$headers" ] || { echo "no header below $folder" >&2; exit 1; }
code=0
for header in $headers; do
    echo "#include <$header>" | "$@" -I "$folder" -fsyntax-only -x c++ - || { echo "$header does not compile alone" >&2; code=1; }
done
exit $code
