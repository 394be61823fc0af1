// A file that is made in memory: arrays, attributes, links, and in the end all of its bytes.
#ifdef HDF5
#include <stdlib.h>
#include <string.h>

#include "child.h"

// 16 bits: a sign, 5 of the exponent, 10 of the fraction.
static hid_t half(void) {
    hid_t type = keep(H5Tcopy(H5T_IEEE_F32LE));
    if (type < 0 || H5Tset_fields(type, 15, 10, 5, 0, 10) < 0 || H5Tset_size(type, 2) < 0 || H5Tset_ebias(type, 15) < 0)
        return -1;
    return type;
}

// As h5py has numpy's bool.
static hid_t truth(void) {
    hid_t type = keep(H5Tcreate(H5T_ENUM, 1));
    const signed char no = 0, yes = 1;
    if (type < 0 || H5Tenum_insert(type, "FALSE", &no) < 0 || H5Tenum_insert(type, "TRUE", &yes) < 0) return -1;
    return type;
}

// "u1", "i8", "f4" and so on, "b1", and "t12" for texts of 12 bytes.
static hid_t plain(const char *text) {
    int size = atoi(text + 1);
    switch (text[0]) {
        case 'u': return size == 1 ? H5T_STD_U8LE : size == 2 ? H5T_STD_U16LE : size == 4 ? H5T_STD_U32LE : H5T_STD_U64LE;
        case 'i': return size == 1 ? H5T_STD_I8LE : size == 2 ? H5T_STD_I16LE : size == 4 ? H5T_STD_I32LE : H5T_STD_I64LE;
        case 'f': return size == 2 ? half() : size == 4 ? H5T_IEEE_F32LE : H5T_IEEE_F64LE;
        case 'b': return truth();
        case 't': {
            hid_t type = keep(H5Tcopy(H5T_C_S1));
            if (type < 0 || H5Tset_size(type, size > 0 ? (size_t)size : 1) < 0 || H5Tset_strpad(type, H5T_STR_NULLPAD) < 0
                || H5Tset_cset(type, H5T_CSET_UTF8) < 0)
                return -1;
            return type;
        }
        default: return -1;
    }
}

// Also "*f2", rows that vary in length, and "x u2,p b1", records without gaps.
static hid_t type_of(const char *text) {
    if (text[0] == '*') {
        hid_t base = plain(text + 1);
        return base < 0 ? -1 : keep(H5Tvlen_create(base));
    }
    if (!strchr(text, ' ')) return plain(text);
    hid_t record = keep(H5Tcreate(H5T_COMPOUND, 4096));
    size_t offset = 0;
    char copy[HDF5_MAX_NAME];
    strcpy(copy, text);
    char *rest = NULL;
    for (char *field = strtok_r(copy, ",", &rest); field; field = strtok_r(NULL, ",", &rest)) {
        char *type_text = strchr(field, ' ');
        if (!type_text) return -1;
        *type_text = 0;
        hid_t type = plain(type_text + 1);
        if (type < 0 || H5Tinsert(record, field, offset, type) < 0) return -1;
        offset += H5Tget_size(type);
    }
    return H5Tset_size(record, offset) < 0 ? -1 : record;
}

// The payload has the lengths of all rows, then their numbers.
static enum hdf5_status write_rows(hid_t dataset, hid_t type, const struct hdf5_request *request, const char *payload) {
    size_t count = request->dimensions[0];
    hid_t base = keep(H5Tget_super(type));
    hvl_t *rows = calloc(count > 0 ? count : 1, sizeof(hvl_t));
    if (base < 0 || !rows) return HDF5_FAILED;
    const char *numbers = payload + 8 * count;
    for (size_t row = 0; row < count; row++) {
        uint64_t length;
        memcpy(&length, payload + 8 * row, 8);
        rows[row].len = length;
        rows[row].p = (void *)numbers;
        numbers += length * H5Tget_size(base);
    }
    herr_t result = H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, rows);
    free(rows);
    return result < 0 ? HDF5_FAILED : HDF5_DONE;
}

static enum hdf5_status add_array(hid_t file, const struct hdf5_request *request, const void *payload) {
    int rank = (int)request->rank;
    hid_t links = keep(H5Pcreate(H5P_LINK_CREATE));
    hid_t creation = keep(H5Pcreate(H5P_DATASET_CREATE));
    hid_t space = keep(H5Screate_simple(rank, (const hsize_t *)request->dimensions, NULL));
    hid_t type = type_of(request->type);
    if (links < 0 || creation < 0 || space < 0 || type < 0) return HDF5_FAILED;
    // Equal arrays give equal bytes.
    if (H5Pset_create_intermediate_group(links, 1) < 0 || H5Pset_obj_track_times(creation, 0) < 0) return HDF5_FAILED;
    herr_t status = 0;
    switch (request->kind) {
        case HDF5_CHUNKED:
            status = H5Pset_chunk(creation, rank, (const hsize_t *)request->chunk);
            if (status >= 0 && H5Tget_class(type) != H5T_VLEN) status = H5Pset_shuffle(creation);
            if (status >= 0) status = H5Pset_deflate(creation, 6);
            break;
        // A path is all that is written.
        case HDF5_EXTERNAL: status = H5Pset_external(creation, "other.h5", 0, H5F_UNLIMITED); break;
        case HDF5_VIRTUAL: status = H5Pset_virtual(creation, space, "other.h5", "other", space); break;
        default: break;
    }
    if (status < 0) return HDF5_FAILED;
    hid_t dataset = keep(H5Dcreate2(file, request->name, type, space, links, creation, H5P_DEFAULT));
    if (dataset < 0) return HDF5_FAILED;
    if (request->payload == 0) return HDF5_DONE;
    if (H5Tget_class(type) == H5T_VLEN) return write_rows(dataset, type, request, payload);
    return H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, payload) < 0 ? HDF5_FAILED : HDF5_DONE;
}

static enum hdf5_status add_attribute(hid_t file, const struct hdf5_request *request, const void *payload) {
    char label[HDF5_MAX_NAME];
    strcpy(label, request->type);
    char *type_text = strchr(label, ' ');
    if (!type_text) return fail("an attribute without a type");
    *type_text = 0;
    hid_t type = plain(type_text + 1);
    hid_t space = request->rank == 0 ? keep(H5Screate(H5S_SCALAR))
                                     : keep(H5Screate_simple((int)request->rank, (const hsize_t *)request->dimensions, NULL));
    if (type < 0 || space < 0) return HDF5_FAILED;
    hid_t attribute =
        keep(H5Acreate_by_name(file, request->name, label, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    if (attribute < 0) return HDF5_FAILED;
    return request->payload > 0 && H5Awrite(attribute, type, payload) < 0 ? HDF5_FAILED : HDF5_DONE;
}

static enum hdf5_status add_link(hid_t file, const struct hdf5_request *request, const char *payload) {
    herr_t status = request->payload > 0
        ? H5Lcreate_external(payload, request->type, file, request->name, H5P_DEFAULT, H5P_DEFAULT)
        : H5Lcreate_soft(request->type, file, request->name, H5P_DEFAULT, H5P_DEFAULT);
    return status < 0 ? HDF5_FAILED : HDF5_DONE;
}

static enum hdf5_status image(hid_t file) {
    if (H5Fflush(file, H5F_SCOPE_GLOBAL) < 0) return HDF5_FAILED;
    ssize_t size = H5Fget_file_image(file, NULL, 0);
    if (size < 0) return HDF5_FAILED;
    void *bytes = reply_space((size_t)size);
    return bytes && H5Fget_file_image(file, bytes, (size_t)size) >= 0 ? HDF5_DONE : HDF5_FAILED;
}

enum hdf5_status write_request(hid_t file, const struct hdf5_request *request, const void *payload) {
    switch (request->operation) {
        case HDF5_ADD_ARRAY: return add_array(file, request, payload);
        case HDF5_ADD_ATTRIBUTE: return add_attribute(file, request, payload);
        case HDF5_ADD_LINK: return add_link(file, request, payload);
        case HDF5_IMAGE: return image(file);
        default: return fail("unknown request");
    }
}
#endif
