#pragma once
#pragma GCC system_header // of Relacy's making: `$` is no name elsewhere

// Relacy, without what its header does to whoever includes it: `new`, `delete`, `free`, `errno`,
// `assert`, `$` and the names of memory orders become macros there.

#include <cassert>
#include <cerrno>
#include <cstdlib>
#include <sstream>
#include <thread>

// Relacy compiles its own consistency checks only on demand; without them a test that does
// different things on the same choices can end as a success.
#if !defined(RL_DO_ASSERT) || !RL_DO_ASSERT
#error "compile with -DRL_DO_ASSERT=1 (the target tandem::world_relacy does)"
#endif

#pragma push_macro("assert")
#pragma push_macro("errno")
#include <relacy/relacy.hpp>
#undef assert
#undef errno
#pragma pop_macro("errno")
#pragma pop_macro("assert")

#undef new
#undef delete
#undef malloc
#undef calloc
#undef realloc
#undef free
#undef $
#undef VAR
#undef VAR_T
#undef TLS_T
#undef memory_order_relaxed
#undef memory_order_consume
#undef memory_order_acquire
#undef memory_order_release
#undef memory_order_acq_rel
#undef memory_order_seq_cst
