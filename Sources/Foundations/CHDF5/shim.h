// HDF5's C interface. Its constants are macros with casts or calls in them, and some functions are macros that choose
// among versions; Swift can import neither, so they get names here.
#include <hdf5.h>

static inline hid_t hdf5DefaultProperties(void) { return H5P_DEFAULT; }
static inline hid_t hdf5FileAccess(void) { return H5P_FILE_ACCESS; }
static inline hid_t hdf5DatasetCreation(void) { return H5P_DATASET_CREATE; }
static inline hid_t hdf5LinkCreation(void) { return H5P_LINK_CREATE; }
static inline hid_t hdf5WholeSpace(void) { return H5S_ALL; }
static inline hid_t hdf5ErrorStack(void) { return H5E_DEFAULT; }
static inline H5Z_filter_t hdf5Deflate(void) { return H5Z_FILTER_DEFLATE; }
static inline unsigned hdf5ReadOnly(void) { return H5F_ACC_RDONLY; }
static inline unsigned hdf5Truncate(void) { return H5F_ACC_TRUNC; }

static inline hid_t hdf5Double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t hdf5Float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t hdf5Int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t hdf5Int32(void) { return H5T_NATIVE_INT32; }
static inline hid_t hdf5UInt64(void) { return H5T_NATIVE_UINT64; }
static inline hid_t hdf5UInt8(void) { return H5T_NATIVE_UINT8; }
static inline hid_t hdf5Text(void) { return H5T_C_S1; }

// Whether a link leads to an object of the same file, and not by way of another path: positive, 0, or negative for an
// error.
static inline int hdf5IsHardLink(hid_t file, const char *path) {
    H5L_info_t information;
    if (H5Lget_info(file, path, &information, H5P_DEFAULT) < 0) return -1;
    return information.type == H5L_TYPE_HARD;
}
