# Sourced by what builds the checks. In release, because the hot loops are a hundred times slower unoptimised; with
# testable modules, warnings as errors, and no import that the manifest does not declare.
check_flags=(--configuration release -Xswiftc -enable-testing -Xswiftc -warnings-as-errors
    --explicit-target-dependency-import-check error)
# A folder of their own: the flags differ from those of an ordinary build, so in the ordinary folder each would make
# the other start over.
readonly check_folder=".build/checks"
