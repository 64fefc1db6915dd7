#!/bin/sh
# arrows.sh FOLDER...: holds the headers below each include folder to arrows.awk.
set -eu
rules=$(cd "$(dirname "$0")" && pwd)/arrows.awk
code=0
for folder; do
    # shellcheck disable=SC2046 # one word a header
    (cd "$folder" && awk -f "$rules" $(find tandem -name '*.hpp' | LC_ALL=C sort)) || code=1
done
exit $code
