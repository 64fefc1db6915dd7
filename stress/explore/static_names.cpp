#include <tandem/stress/explore/statics.hpp>

#include <cctype>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <utility>
#include <vector>

#include <cxxabi.h>
#include <elf.h>
#include <link.h>

namespace tandem::explore {

namespace {

template <class T>
std::vector<T> read_from(std::ifstream& file, std::size_t offset, std::size_t count) {
    std::vector<T> all(count);
    file.seekg(static_cast<std::streamoff>(offset));
    file.read(reinterpret_cast<char*>(all.data()), static_cast<std::streamsize>(count * sizeof(T)));
    return file ? std::move(all) : std::vector<T>();
}

// The symbol at that address in the program's file.
std::string symbol_at(std::uintptr_t address) {
    std::ifstream file("/proc/self/exe", std::ios::binary);
    for (auto const& header : read_from<ElfW(Ehdr)>(file, 0, 1)) {
        auto const sections = read_from<ElfW(Shdr)>(file, header.e_shoff, header.e_shnum);
        for (auto const& table : sections) {
            if (table.sh_type != SHT_SYMTAB) {
                continue;
            }
            auto const& names = sections[table.sh_link];
            for (auto const& one : read_from<ElfW(Sym)>(file, table.sh_offset, table.sh_size / sizeof(ElfW(Sym)))) {
                if (one.st_value == address && ELF64_ST_TYPE(one.st_info) == STT_OBJECT) {
                    auto const text = read_from<char>(file, names.sh_offset + one.st_name, names.sh_size - one.st_name);
                    return text.data();
                }
            }
        }
    }
    return {};
}
std::uintptr_t where_program_is() {
    std::uintptr_t at = 0;
    auto const look = [](::dl_phdr_info* module, std::size_t, void* into) {
        *static_cast<std::uintptr_t*>(into) = module->dlpi_addr;
        return 1; // it is the first
    };
    ::dl_iterate_phdr(look, &at);
    return at;
}
std::string demangled(std::string const& symbol) {
    int error = 0;
    auto* const text = abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &error);
    std::string all = text == nullptr ? symbol : text;
    std::free(text);
    return all;
}

} // namespace

// As demangled: guard variable for CLASS::FUNCTION(PARAMETERS) const::VARIABLE
std::string name_of_static(void const* guard) {
    constexpr std::string_view guard_of = "guard variable for ";
    auto const all = demangled(symbol_at(reinterpret_cast<std::uintptr_t>(guard) - where_program_is()));
    auto const name = all.rfind("::");
    if (!all.starts_with(guard_of) || name == all.npos) {
        return {};
    }
    auto end = name; // of the function's name, and its beginning
    for (int depth = 0; end != guard_of.size() && (depth != 0 || end == name || all[end] != '(');) {
        --end;
        depth += all[end] == ')' ? 1 : all[end] == '(' ? -1 : 0;
    }
    auto begin = end;
    while (begin != guard_of.size() && (std::isalnum(static_cast<unsigned char>(all[begin - 1])) != 0 || all[begin - 1] == '_')) {
        --begin;
    }
    return all.substr(begin, end - begin) + all.substr(begin == end ? name + 2 : name); // a lambda has no name
}

} // namespace tandem::explore
