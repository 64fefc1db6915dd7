#!/bin/sh
# shows_again.sh PROGRAM OPTION...: the program fails with a table, and the command under it fails again.
set -u
report=$("$@")
code=$?
printf '%s\n' "$report"
[ $code -eq 1 ] || { echo "exit code $code, not 1" >&2; exit 1; }
for words in 'FAIL  ' 'not linearizable' '<- impossible'; do
    printf '%s\n' "$report" | grep -qF -- "$words" || { echo "the report has no '$words'" >&2; exit 1; }
done
again=$(printf '%s\n' "$report" | sed -n 's/^  again *//p')
# shellcheck disable=SC2086 # a command
second=$($again)
[ $? -eq 1 ] && [ "${second#FAIL}" != "$second" ] || { echo "not again: $again: $second" >&2; exit 1; }
