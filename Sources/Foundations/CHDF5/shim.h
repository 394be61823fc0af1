// HDF5's C interface. Only CHDF5Child calls it, in a process of its own.
#include <hdf5.h>
