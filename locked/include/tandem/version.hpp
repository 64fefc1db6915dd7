#pragma once

// The version of the library (SemVer), and the number of its binary interface: the
// latter is part of every symbol's name, so that two of them never mix in one link.

#define TANDEM_VERSION_MAJOR 0
#define TANDEM_VERSION_MINOR 1
#define TANDEM_VERSION_PATCH 0

// TANDEM_ABI_NAME(native) is the inline namespace of the native world.
#define TANDEM_ABI_NAME(world) world##_v0
