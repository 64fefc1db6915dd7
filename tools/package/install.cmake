# What `cmake --install` puts on a machine: headers, what find_package and pkg-config read, and the sources of
# tandem::stress. Nothing depends on the architecture or on the prefix, so the tree may be moved as a whole.

option(TANDEM_INSTALL "Generate the install rules" ${PROJECT_IS_TOP_LEVEL})
if(NOT TANDEM_INSTALL)
    return()
endif()

include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_DATADIR}/cmake/tandem)
set(pc_dir ${CMAKE_INSTALL_DATADIR}/pkgconfig)

# The bare world is for our own tests.
install(DIRECTORY locked/include/ lockfree/include/ stress/include/
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    FILES_MATCHING PATTERN *.hpp PATTERN bare.hpp EXCLUDE)

# The sources of tandem::stress.
install(DIRECTORY stress/history stress/engine stress/explore
    DESTINATION ${CMAKE_INSTALL_DATADIR}/tandem/stress
    FILES_MATCHING PATTERN *.cpp PATTERN *_test.cpp EXCLUDE PATTERN litmus.cpp EXCLUDE PATTERN main.cpp EXCLUDE PATTERN scenarios.cpp EXCLUDE)

install(TARGETS tandem_core tandem_locked tandem_lockfree tandem_tandem tandem_world_native tandem_world_relacy tandem_world_explore
    tandem_stress
    EXPORT tandem)
install(EXPORT tandem NAMESPACE tandem:: FILE tandemTargets.cmake DESTINATION ${package_dir})

# Before 1.0 a minor version may break what the last one promised.
if(PROJECT_VERSION_MAJOR EQUAL 0)
    set(compatibility SameMinorVersion)
else()
    set(compatibility SameMajorVersion)
endif()
write_basic_package_version_file(${PROJECT_BINARY_DIR}/tandemConfigVersion.cmake
    COMPATIBILITY ${compatibility} ARCH_INDEPENDENT)
install(FILES tools/package/tandemConfig.cmake ${PROJECT_BINARY_DIR}/tandemConfigVersion.cmake
    DESTINATION ${package_dir})

file(RELATIVE_PATH pc_to_include /prefix/${pc_dir} /prefix/${CMAKE_INSTALL_INCLUDEDIR})
configure_file(tools/package/tandem.pc.in tandem.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/tandem.pc DESTINATION ${pc_dir})

install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
