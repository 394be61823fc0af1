# Sourced by what builds the checks. In release, because the hot loops are a hundred times slower unoptimised; with
# testable modules and warnings as errors.
check_flags=(--configuration release -Xswiftc -enable-testing -Xswiftc -warnings-as-errors)
# A folder of their own: the flags differ from those of an ordinary build, so in the ordinary folder each would make
# the other start over.
readonly check_folder=".build/checks"
