#include <tandem/stress/explore/thread_locals.hpp>

#if defined(__x86_64__) && defined(__linux__)

#include <tandem/stress/explore/segments.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <semaphore>
#include <string_view>
#include <system_error>
#include <vector>

#include <asm/hwcap2.h>
#include <cxxabi.h>
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/mman.h>

namespace tandem::explore {

namespace {

std::string_view folder_of(std::string_view path) {
    return path.substr(0, path.rfind('/') + 1);
}
std::string_view folder_of_module(void const* with) {
    Dl_info found{};
    return with != nullptr && ::dladdr(with, &found) != 0 ? folder_of(found.dli_fname) : std::string_view();
}
// What lies beside the C library or the loader is the system's: it needs what it has made of its variables when a thread began.
bool is_of_system(std::string_view path) {
    return !path.empty() && (folder_of(path) == folder_of_module(reinterpret_cast<void const*>(&::dl_iterate_phdr)) ||
                             folder_of(path) == folder_of_module(reinterpret_cast<void const*>(::getauxval(AT_BASE))));
}

// Of all modules.
std::size_t bytes_of_variables() {
    std::size_t all = 0;
    for_each_segment([&](auto const&, auto const& segment) { all += segment.p_type == PT_TLS ? segment.p_memsz + segment.p_align : 0; });
    return all;
}

} // namespace

struct thread_locals::owner {
    // Of one module: what its variables are at first, the rest being zero, and where the calling thread has them.
    struct image {
        std::span<std::byte const> initial;
        std::span<std::byte> memory;
    };

    void* pointer = nullptr;
    std::vector<image> images{};
    std::vector<std::span<std::byte>> memory{};
    int* error = nullptr;
    void* exceptions = nullptr;
    std::binary_semaphore begun{0};

    static void* run(void* of) {
        auto& made = *static_cast<owner*>(of);
        made.pointer = thread_pointer();
        made.images = images_of_program();
        made.error = &errno;
        made.exceptions = abi::__cxa_get_globals();
        made.begun.release();
        for (;;) {
            ::syscall(SYS_pause); // pause() would note in the thread's variables that it waits
        }
    }
    static std::vector<image> images_of_program() {
        std::vector<image> found;
        for_each_segment([&](auto const& module, auto const& segment) {
            if (segment.p_type == PT_TLS && segment.p_memsz != 0 && module.dlpi_tls_data != nullptr && !is_of_system(module.dlpi_name)) {
                auto const* const initial = reinterpret_cast<std::byte const*>(module.dlpi_addr + segment.p_vaddr);
                found.push_back({{initial, segment.p_filesz}, {static_cast<std::byte*>(module.dlpi_tls_data), segment.p_memsz}});
            }
        });
        return found;
    }

    // Those that no execution has.
    static std::vector<owner*>& idle() {
        static auto& all = *new std::vector<owner*>;
        return all;
    }
};

bool const thread_locals::by_instruction = (::getauxval(AT_HWCAP2) & HWCAP2_FSGSBASE) != 0;

// It lasts as long as the process: if it ended, it would do so with what others have left in its variables. They are at the end of its stack, which is
// not the C library's: that would hand it out again after a fork.
thread_locals::owner& thread_locals::new_owner() {
    constexpr std::size_t stack = std::size_t{1} << 20;
    auto& made = *new owner;
    auto const bytes = stack + bytes_of_variables();
    auto* const at = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED) {
        throw std::system_error(errno, std::generic_category(), "mmap");
    }
    ::pthread_attr_t attributes;
    ::pthread_attr_init(&attributes);
    ::pthread_attr_setstack(&attributes, at, bytes);
    ::pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    ::sigset_t all, before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before); // signals are for those that run
    ::pthread_t id;
    auto const error = ::pthread_create(&id, &attributes, owner::run, &made);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    ::pthread_attr_destroy(&attributes);
    if (error != 0) {
        throw std::system_error(error, std::generic_category(), "pthread_create");
    }
    made.begun.acquire();
    std::ranges::transform(made.images, std::back_inserter(made.memory), &owner::image::memory);
    return made;
}

thread_locals::thread_locals() {
    static bool const program_has_some = !owner::images_of_program().empty();
    if (!program_has_some) {
        return;
    }
    if (auto& idle = owner::idle(); idle.empty()) {
        owner_ = &new_owner();
    } else {
        owner_ = idle.back();
        idle.pop_back();
    }
    pointer_ = owner_->pointer;
}
thread_locals::~thread_locals() {
    if (owner_ != nullptr) {
        owner::idle().push_back(owner_);
    }
}

void thread_locals::begin() noexcept {
    if (owner_ == nullptr) {
        return;
    }
    for (auto const& [initial, memory] : owner_->images) {
        std::ranges::copy(initial, memory.begin());
        std::ranges::fill(memory.subspan(initial.size()), std::byte{0});
    }
    *owner_->error = 0;
    std::memset(owner_->exceptions, 0, sizeof(void*) + sizeof(unsigned)); // as the C++ ABI has it: those caught, and how many are not
}

std::span<std::span<std::byte> const> thread_locals::memory() const noexcept {
    return owner_ == nullptr ? std::span<std::span<std::byte> const>() : std::span<std::span<std::byte> const>(owner_->memory);
}

} // namespace tandem::explore

#endif
