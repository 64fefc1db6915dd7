#pragma once

// segments: what the modules of the process consist of, as their files say.

#include <cstddef>
#include <span>

#include <link.h>

namespace tandem::explore {

// f(module, segment), for each segment of each module.
template <class F>
void for_each_segment(F f) {
    auto const look = [](::dl_phdr_info* module, std::size_t, void* with) {
        for (auto const& segment : std::span(module->dlpi_phdr, module->dlpi_phnum)) {
            (*static_cast<F*>(with))(*module, segment);
        }
        return 0;
    };
    ::dl_iterate_phdr(look, &f);
}

} // namespace tandem::explore
