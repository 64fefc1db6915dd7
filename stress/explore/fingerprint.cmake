# Writes OUTPUT, a header with the fingerprint of the sources below ROOT that an execution is made of, whatever compiler they go through.

file(GLOB_RECURSE sources RELATIVE ${ROOT} ${ROOT}/locked/include/*.hpp ${ROOT}/lockfree/include/*.hpp ${ROOT}/stress/include/*.hpp
    ${ROOT}/stress/model/*.?pp ${ROOT}/stress/explore/*.?pp)
list(SORT sources)
set(all "")
foreach(source IN LISTS sources)
    file(SHA256 ${ROOT}/${source} hash)
    string(APPEND all "${source} ${hash}\n")
endforeach()
string(SHA256 hash "${all}")
string(SUBSTRING ${hash} 0 8 hash)
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "#define TANDEM_FINGERPRINT \"${hash}\"\n")
