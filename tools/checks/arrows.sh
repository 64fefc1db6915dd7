#!/bin/sh
# arrows.sh FOLDER...: holds the headers below each include folder to arrows.awk.
set -eu
rules=$(cd "$(dirname "$0")" && pwd)/arrows.awk
code=0
for folder; do
    headers=$(cd "$folder" && find tandem -name '*.hpp' | LC_ALL=C sort)
    [ -n "$headers" ] || { echo "no header below $folder" >&2; exit 1; }
    # shellcheck disable=SC2086 # one word a header
    (cd "$folder" && awk -f "$rules" $headers) || code=1
done
exit $code
