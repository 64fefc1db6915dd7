# Holds the words of a command line against the grammar, before anything is installed or built.
#
#   awk -f grammar.awk GRAMMAR COMMAND [WORD...]     exit 0: known; 1: help was asked for and given; 2: refused, with the nearest name

function smallest(a, b, c) { return a < b ? (a < c ? a : c) : (b < c ? b : c) }

# Levenshtein's edit distance.
function distance(a, b,    i, j, row, above, left) {
    for (j = 0; j <= length(b); j++) row[j] = j
    for (i = 1; i <= length(a); i++) {
        left = row[0]
        row[0] = i
        for (j = 1; j <= length(b); j++) {
            above = row[j]
            row[j] = smallest(above + 1, row[j - 1] + 1, left + (substr(a, i, 1) != substr(b, j, 1)))
            left = above
        }
    }
    return row[length(b)]
}

function nearest(word, names,    list, count, i, d, best, least) {
    count = split(names, list, " ")
    least = 1e9
    for (i = 1; i <= count; i++) {
        d = distance(word, list[i])
        if (d < least) { least = d; best = list[i] }
    }
    return best
}

function refuse(message) {
    print "tandem: " message | "cat >&2"
    close("cat >&2")
    exit 2
}

function refuse_unknown(what, word, names) {
    if (names == "") refuse("unknown " what " '" word "'; there are none here")
    refuse("unknown " what " '" word "'; the nearest is '" nearest(word, names) "'")
}

function tail(line, fields,    i) {
    for (i = 0; i < fields; i++) sub(/^[ \t]*[^ \t]+/, "", line)
    sub(/^[ \t]+/, "", line)
    return line
}

function read_grammar(file,    line, field, of, i, count) {
    while ((getline line < file) > 0) {
        if (line ~ /^#/ || line !~ /[^ \t]/) continue
        split(line, field, " ")
        if (field[1] == "value") {
            pattern[field[2]] = field[3]
            words_for[field[2]] = tail(line, 3)
        } else if (field[1] == "command") {
            commands = commands " " field[2]
            takes[field[2]] = field[3]
            about[field[2]] = tail(line, 3)
        } else if (field[1] == "option") {
            count = split(field[2], of, ",")
            for (i = 1; i <= count; i++) {
                options[of[i]] = options[of[i]] " " field[3]
                kind[of[i], field[3]] = field[4]
                about[of[i], field[3]] = tail(line, 4)
            }
        } else if (field[1] == "name") {
            names[field[2]] = names[field[2]] " " field[3]
            name_about[field[2], field[3]] = tail(line, 3)
        }
    }
}

function check_value(option, value, of_kind,    choices) {
    if (value ~ ("^(" pattern[of_kind] ")$")) return
    if (pattern[of_kind] ~ /^[a-z|-]+$/) {
        choices = pattern[of_kind]
        gsub(/[|]/, " ", choices)
        refuse_unknown("value of " option, value, choices)
    }
    refuse(option " wants " words_for[of_kind] ", not '" value "'")
}

# On one line, or with words a line each.
function names_of(of_kind,    list, count, i, described) {
    count = split(names[of_kind], list, " ")
    for (i = 1; i <= count; i++) if (name_about[of_kind, list[i]] != "") described = 1
    printf "\n%ss:%s\n", of_kind, described ? "" : names[of_kind]
    for (i = 1; described && i <= count; i++) printf "  %-24s %s\n", list[i], name_about[of_kind, list[i]]
}

function help(command,    list, count, i) {
    if (command == "") {
        print "usage: ./tools/run [command] [names] [options]      without a command: verify\n"
        count = split(commands, list, " ")
        for (i = 1; i <= count; i++) printf "  %-9s %s\n", list[i], about[list[i]]
        print "\n./tools/run COMMAND --help names the options; exit codes: 0 as expected, 1 a violation or a missed goal,"
        print "2 usage, 3 this machine cannot answer, 130 interrupted"
        return
    }
    printf "usage: ./tools/run %s%s%s\n\n%s\n", command, takes[command] == "-" ? "" : " [" takes[command] "]", \
        options[command] == "" ? "" : " [options]", about[command]
    count = split(options[command], list, " ")
    if (count) print ""
    for (i = 1; i <= count; i++)
        printf "  %-24s %s\n", list[i] (kind[command, list[i]] == "-" ? "" : " " toupper(kind[command, list[i]])), about[command, list[i]]
    list[1] = takes[command]
    sub(/[*]$/, "", list[1])
    if (list[1] in names) names_of(list[1])
}

BEGIN {
    read_grammar(ARGV[1])
    command = ARGV[2]
    if (command == "help") { help(""); exit 1 }
    if (!(command in takes)) refuse_unknown("command", command, commands)
    of_kind = takes[command]
    many = sub(/[*]$/, "", of_kind)
    for (i = 3; i < ARGC; i++) {
        word = ARGV[i]
        if (word == "--help" || word == "-h") { help(command); exit 1 }
        if (word ~ /^-./) {
            option = word
            has_value = index(word, "=")
            if (has_value) option = substr(word, 1, has_value - 1)
            if (!((command, option) in kind)) refuse_unknown("option of " command, option, options[command])
            if (kind[command, option] == "-") {
                if (has_value) refuse(option " takes no value")
                continue
            }
            if (has_value) value = substr(word, has_value + 1)
            else if (i + 1 < ARGC) value = ARGV[++i]
            else refuse(option " wants " words_for[kind[command, option]])
            check_value(option, value, kind[command, option])
        } else if (of_kind == "-") {
            refuse(command " takes no names, but was given '" word "'")
        } else if (!many && seen++) {
            refuse(command " takes one " of_kind ", but was also given '" word "'")
        } else if (of_kind in names) {
            if (index(names[of_kind] " ", " " word " ") == 0) refuse_unknown(of_kind, word, names[of_kind])
        } else {
            check_value(of_kind, word, of_kind)
        }
    }
    if (of_kind != "-" && !many && !seen) refuse(command " wants " words_for[of_kind])
    exit 0
}
