# Writes OUTPUT, a header with the fingerprint of the files below ROOT that fit PATTERNS, wherever that is and whatever compiler they go through.

file(GLOB_RECURSE sources RELATIVE ${ROOT} ${PATTERNS})
list(SORT sources)
set(all "")
foreach(source IN LISTS sources)
    file(SHA256 ${ROOT}/${source} hash)
    string(APPEND all "${source} ${hash}\n")
endforeach()
string(SHA256 hash "${all}")
string(SUBSTRING ${hash} 0 8 hash)
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "#define TANDEM_FINGERPRINT \"${hash}\"\n")
