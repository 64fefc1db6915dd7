include(CMakeFindDependencyMacro)
find_dependency(Threads)
find_package(Boost QUIET COMPONENTS context) # for tandem::world_explore alone
include(${CMAKE_CURRENT_LIST_DIR}/tandemTargets.cmake)
