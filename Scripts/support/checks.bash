# Sourced by what builds the checks. In release, because the hot loops are a hundred times slower unoptimised; with
# testable modules, warnings as errors, and no import that the manifest does not declare.
check_flags=(--configuration release -Xswiftc -enable-testing -Xswiftc -warnings-as-errors
    --explicit-target-dependency-import-check error)
# Of the package itself: with MPI, whose tests are the only ones that need another build than users have.
check_traits=(--traits default,MPI)
# A folder of their own: the flags differ from those of an ordinary build, so in the ordinary folder each would make
# the other start over.
readonly check_folder=".build/checks"

# Flags by which the compiler finds the modules of a build: Swift's, C's, and headers of libraries that have folders of their own.
module_flags() {
    local built
    built=$(cd "$1" && pwd -P)
    echo "-I $built/Modules"
    find Sources -name module.modulemap -printf '-I %h\n'
    find "$built" -name module.modulemap -printf '-Xcc -fmodule-map-file=%p\n'
    pkg-config --cflags-only-I mpi-c 2>/dev/null | sed 's/-I/-Xcc -I/g'
}
