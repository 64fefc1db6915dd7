#!/bin/sh
# must_fail.sh PATTERN COMMAND...: the command fails, and says why in a line that matches.
pattern=$1
shift
if output=$("$@" 2>&1); then
    echo "did not fail: $*"
elif printf '%s\n' "$output" | grep -q -e "$pattern"; then
    exit 0
else
    echo "failed, but not with /$pattern/: $*"
fi
printf '%s\n' "$output"
exit 1
