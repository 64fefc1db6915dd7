#pragma once

#include <tandem/version.hpp>

#include <tandem/lockfree/counter.hpp>
