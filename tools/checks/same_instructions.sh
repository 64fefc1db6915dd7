#!/bin/sh
# Compiles one file in two worlds and compares the instructions, function by function:
#     same_instructions.sh FILE HEADER HEADER FOLDER COMPILER OPTION...
# Not compared: the names of the worlds, and addresses; the target of a jump is its offset in the function, or the relocation
# that follows it. Functions that
# wait (wait_for, wait_to_...), and those declared cold, are left out: the optimizer gives their registers out, and orders
# their jumps, as it likes.
set -eu
file=$1 first=$2 second=$3 folder=$4
shift 4
mkdir -p "$folder"
tab=$(printf '\t')

# instructions HEADER COMPILER OPTION...: lines `function <tab> instruction`, sorted by function
instructions() {
    header=$1
    shift
    "$@" -std=c++20 -ffunction-sections "-DTANDEM_WORLD_HEADER=<$header>" -c "$file" -o "$folder/object.o"
    # The second pattern is for names that binutils cannot demangle.
    objdump --disassemble --reloc --demangle --no-show-raw-insn "$folder/object.o" |
        sed -e 's/tandem::[a-z]*_v[0-9]*::/tandem::/g' -e 's/[0-9]*[a-z]*_v[0-9]//g' -e 's/std::atomic</tandem::atomic</g' \
            -e 's/<\.L[^>]*>/<>/' |
        awk -v OFS="$tab" '
            /^Disassembly of section/ { cold = /\.text\.unlikely/; next }
            cold { next }
            /^[0-9a-f]+ <.*>:$/ { sub(/^[0-9a-f]+ /, ""); sub(/:$/, ""); name = $0; next }
            name ~ /wait_for<|wait_to_/ { next }
            sub(/^[ \t]+[0-9a-f]+:[ \t]*/, "") { gsub(/[0-9a-f]+ </, "<"); print name, $0 }' |
        LC_ALL=C sort -s -t "$tab" -k 1,1
}
instructions "$first" "$@" >"$folder/first"
instructions "$second" "$@" >"$folder/second"

functions=$(cut -f 1 "$folder/first" | uniq | wc -l)
[ "$functions" -gt 0 ] || { echo "no function was found"; exit 1; }
if diff -U 3 "$folder/first" "$folder/second" >"$folder/difference"; then
    echo "$functions functions are the same in $first and $second"
else
    sed -n "s/^[-+]\(<[^$tab]*\)$tab.*/differs: \1/p" "$folder/difference" | LC_ALL=C sort -u
    awk -F "$tab" '/^[-+ ]</ {
        sign = substr($1, 1, 1); name = substr($1, 2)
        if (name != last) print "\nin " name
        last = name
        sub(/^[^\t]*\t/, ""); print sign "   " $0
    }' "$folder/difference"
    exit 1
fi
