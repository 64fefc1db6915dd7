#!/bin/sh
# Runs the commands of a Markdown file's ```console blocks, in FOLDER, and holds what they print against what stands there, times aside; --write
# puts it there. guide.sh FILE FOLDER [--write]
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
awk '/^```console$/ { inside = 1; print; next } /^```$/ { inside = 0 } inside && /^[$] / { print substr($0, 3) }' "$1" | grep -v '^```' >"$work/commands" || true
[ -s "$work/commands" ] || { echo "$1 has no command" >&2; exit 1; }
while IFS= read -r command; do
    (cd "$2" && sh -c "$command" 2>&1) >"$work/$(printf %s "$command" | cksum | cut -d' ' -f1)" || true
done <"$work/commands"
cp "$1" "$work/old"
awk -v work="$work" '
    /^```console$/ { inside = 1; print; next }
    inside && /^```$/ { inside = 0; print; next }
    inside && /^[$] / {
        print
        command = substr($0, 3)
        gsub(/'\''/, "'\''\\'\'''\''", command)
        ("printf %s '\''" command "'\'' | cksum | cut -d\" \" -f1") | getline name
        while ((getline line < (work "/" name)) > 0) print line
        next
    }
    !inside' "$1" >"$work/new"
if [ "${3-}" = --write ]; then
    cp "$work/new" "$1"
    exit
fi
# Seconds, and what real threads did, differ from run to run.
for text in old new; do
    sed -e 's/[0-9.]* s$/N s/' -e '/overlapping/s/[0-9][0-9]*/N/g' "$work/$text" >"$work/$text.without_times"
done
diff "$work/old.without_times" "$work/new.without_times"
