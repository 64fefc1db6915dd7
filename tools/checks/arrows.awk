# Which way the shipped headers point, and what they may name. Prints `path:line: what is wrong`; exit 1 if anything is.
#
#   awk -f arrows.awk HEADER...        paths below an include folder: tandem/lockfree/counter.hpp
#
# Code is held to this, comments are not. A world may name what it wraps; nobody may use a fence.

function complain(what) {
    print FILENAME ":" FNR ": " what
    bad = 1
}

FNR == 1 {
    first_include = 1
    in_world = FILENAME ~ /^tandem\/(world|stress\/world)[\/.]/
    half = FILENAME ~ /^tandem\/(locked|lockfree)\// ? substr(FILENAME, 8, index(substr(FILENAME, 8), "/") - 1) : "ground"
}

{ sub(/\/\/.*/, "") }

/^#[ \t]*include/ {
    if (match($0, /<tandem\/(locked|lockfree)\//)) {
        target = substr($0, RSTART + 8, RLENGTH - 9)
        if (target != half) complain("the " half " half includes the " target " half")
    }
    if (/<tandem\/stress\// && FILENAME !~ /^tandem\/stress\//) complain("the library includes the stress suite")
    # By induction every header begins with world.hpp, which alone begins with the version.
    if (first_include && !in_world && FILENAME != "tandem/version.hpp" && ($0 !~ /<tandem\// || /<tandem\/version.hpp>/)) {
        complain("the first include does not lead to world.hpp")
    }
    if (!in_world && /<(atomic|mutex|condition_variable|shared_mutex|semaphore|linux\/.*|sys\/.*)>/) complain("includes what only a world may")
    first_include = 0
}

/atomic_(thread|signal)_fence|__(sync|atomic)_[a-z_]*fence|__sync_synchronize/ { complain("a fence") }

!in_world && /std::(atomic|memory_order|mutex|recursive_mutex|shared_mutex|lock_guard|unique_lock|scoped_lock|condition_variable)/ {
    complain("names what only a world may")
}
!in_world && /(^|[^a-z_])(futex|SYS_futex|syscall|__atomic_[a-z_]*|__sync_[a-z_]*)($|[^a-z_])/ { complain("names what only a world may") }

END { exit bad }
