// What a file holds, and numbers of it.
#ifdef HDF5
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "child.h"

enum { DEEPEST_GROUP = 16 };

// MARK: - Types

static struct hdf5_field field_of(hid_t type, const char *name) {
    struct hdf5_field field = {HDF5_OTHER, (uint32_t)H5Tget_size(type), (uint32_t)strlen(name)};
    switch (H5Tget_class(type)) {
        case H5T_INTEGER:
            field.type_class = H5Tget_sign(type) == H5T_SGN_2 ? HDF5_SIGNED_INTEGER : HDF5_UNSIGNED_INTEGER;
            break;
        case H5T_FLOAT: field.type_class = HDF5_FLOAT; break;
        // As h5py writes numpy's bool.
        case H5T_ENUM: field.type_class = field.size == 1 ? HDF5_TRUTH : HDF5_OTHER; break;
        case H5T_STRING: field.type_class = HDF5_TEXT; break;
        default: break;
    }
    return field;
}

static int append_field(hid_t type, const char *name) {
    struct hdf5_field field = field_of(type, name);
    return reply_append(&field, sizeof field) == 0 ? reply_append(name, field.name_length) : -1;
}

static int append_fields(hid_t type, uint32_t count) {
    for (uint32_t index = 0; index < count; index++) {
        char *name = H5Tget_member_name(type, index);
        hid_t member = H5Tget_member_type(type, index);
        int result = name && member >= 0 && strlen(name) < HDF5_MAX_NAME ? append_field(member, name) : -1;
        if (member >= 0) H5Idec_ref(member);
        if (name) H5free_memory(name);
        if (result != 0) return -1;
    }
    return 0;
}

// MARK: - Entries

static int append_entry(struct hdf5_entry *entry, const char *name) {
    entry->name_length = (uint32_t)strlen(name);
    return reply_append(entry, sizeof *entry) == 0 ? reply_append(name, entry->name_length) : -1;
}

// An array whose description makes sense; 0 for one without.
static int append_array(hid_t dataset, const char *name) {
    struct hdf5_entry entry = {.kind = HDF5_ARRAY};
    hid_t space = keep(H5Dget_space(dataset));
    hid_t type = keep(H5Dget_type(dataset));
    hid_t creation = keep(H5Dget_create_plist(dataset));
    if (space < 0 || type < 0 || creation < 0) return 0;
    int rank = H5Sget_simple_extent_ndims(space);
    if (rank < 0 || rank > HDF5_MAX_RANK || H5Sget_simple_extent_type(space) == H5S_NULL) return 0;
    hsize_t sizes[HDF5_MAX_RANK] = {0}, maxima[HDF5_MAX_RANK] = {0}, chunk[HDF5_MAX_RANK] = {0};
    if (H5Sget_simple_extent_dims(space, sizes, maxima) < 0) return 0;
    for (int dimension = 0; dimension < rank; dimension++) entry.dimensions[dimension] = sizes[dimension];
    entry.rank = (uint32_t)rank;
    H5D_layout_t layout = H5Pget_layout(creation);
    if (layout < 0) return 0;
    entry.is_chunked = layout == H5D_CHUNKED;
    // HDF5 writes no chunk larger than its array, and reads past the end of its memory where a damaged file has one.
    if (entry.is_chunked && H5Pget_chunk(creation, HDF5_MAX_RANK, chunk) != rank) return 0;
    for (int dimension = 0; entry.is_chunked && dimension < rank; dimension++)
        if (chunk[dimension] > maxima[dimension]) return 0;
    if (layout == H5D_VIRTUAL || H5Pget_external_count(creation) != 0) entry.kind = HDF5_LINK;
    hid_t element = type;
    if (H5Tget_class(type) == H5T_VLEN) {
        entry.varies = 1;
        element = keep(H5Tget_super(type));
        if (element < 0) return 0;
    }
    entry.is_record = !entry.varies && H5Tget_class(type) == H5T_COMPOUND;
    int count = entry.is_record ? H5Tget_nmembers(type) : 1;
    if (count < 0 || count > 256) return 0;
    entry.field_count = (uint32_t)count;
    if (append_entry(&entry, name) != 0) return -1;
    return (entry.is_record ? append_fields(type, entry.field_count) : append_field(element, "")) == 0 ? 1 : -1;
}

static int append_object(hid_t file, const char *path, int *is_group) {
    struct hdf5_entry entry = {.kind = HDF5_BROKEN};
    H5L_info_t link;
    *is_group = 0;
    if (strcmp(path, "/") != 0) {
        if (H5Lget_info(file, path, &link, H5P_DEFAULT) < 0) return append_entry(&entry, path);
        if (link.type != H5L_TYPE_HARD) {
            entry.kind = HDF5_LINK;
            return append_entry(&entry, path);
        }
    }
    hid_t object = keep(H5Oopen(file, path, H5P_DEFAULT));
    if (object >= 0 && H5Iget_type(object) == H5I_GROUP) {
        *is_group = 1;
        entry.kind = HDF5_GROUP;
    } else if (object >= 0 && H5Iget_type(object) == H5I_DATASET) {
        int result = append_array(object, path);
        if (result != 0) return result < 0 ? -1 : 0;
    }
    return append_entry(&entry, path);
}

// The names in a group, and of the groups in it if they are wanted, as long as `left` of them are.
static enum hdf5_status list(hid_t file, const char *group, uint64_t *left, int depth) {
    H5G_info_t information;
    if (H5Gget_info_by_name(file, group, &information, H5P_DEFAULT) < 0) return HDF5_FAILED;
    for (hsize_t index = 0; index < information.nlinks && *left > 0; index++) {
        char path[HDF5_MAX_NAME];
        size_t start = strcmp(group, "/") == 0 ? 0 : strlen(group) + 1;
        if (start > 0) {
            memcpy(path, group, start - 1);
            path[start - 1] = '/';
        }
        ssize_t length = H5Lget_name_by_idx(
            file, group, H5_INDEX_NAME, H5_ITER_INC, index, path + start, sizeof path - start, H5P_DEFAULT);
        if (length < 0) return HDF5_FAILED;
        if (start + (size_t)length >= sizeof path) continue;
        int is_group;
        if (append_object(file, path, &is_group) != 0) return fail("it holds more names than memory is allowed for");
        *left -= 1;
        if (is_group && depth < DEEPEST_GROUP) {
            enum hdf5_status status = list(file, path, left, depth + 1);
            if (status != HDF5_DONE) return status;
        }
    }
    return HDF5_DONE;
}

// Whether each name on the way is there and leads to an object of this file.
static enum hdf5_status find(hid_t file, const char *name) {
    char path[HDF5_MAX_NAME] = "", group[HDF5_MAX_NAME] = "/";
    for (const char *rest = name; *rest;) {
        while (*rest == '/') rest++;
        size_t length = strcspn(rest, "/");
        if (length == 0) break;
        size_t before = strlen(path);
        if (before + length + 2 > sizeof path) return fail("its name is too long");
        if (before > 0) strcat(path, "/");
        strncat(path, rest, length);
        htri_t exists = H5Lexists(file, path, H5P_DEFAULT);
        if (exists < 0) return HDF5_FAILED;
        if (exists == 0) {
            uint64_t left = 20;
            return list(file, group, &left, DEEPEST_GROUP) == HDF5_DONE ? HDF5_ABSENT : HDF5_FAILED;
        }
        H5L_info_t link;
        if (H5Lget_info(file, path, &link, H5P_DEFAULT) < 0) return HDF5_FAILED;
        if (link.type != H5L_TYPE_HARD) return HDF5_ELSEWHERE;
        strcpy(group, path);
        rest += length;
    }
    return HDF5_DONE;
}

// MARK: - Numbers

static hid_t native(uint32_t kind) {
    return kind == HDF5_REAL ? H5T_NATIVE_DOUBLE : kind == HDF5_UNSIGNED ? H5T_NATIVE_UINT64 : H5T_NATIVE_INT64;
}

// Plugins are not loaded, so that only the library's own filters are there.
static enum hdf5_status check_filters(hid_t creation) {
    int count = H5Pget_nfilters(creation);
    for (int index = 0; index < count; index++) {
        unsigned flags, configuration;
        size_t size = 0;
        char name[128] = "", text[192];
        H5Z_filter_t filter =
            H5Pget_filter2(creation, (unsigned)index, &flags, &size, NULL, sizeof name - 1, name, &configuration);
        if (filter < 0) return HDF5_FAILED;
        if (H5Zfilter_avail(filter) > 0) continue;
        snprintf(text, sizeof text, "%d%s%s", (int)filter, name[0] ? ", " : "", name);
        return reply_append(text, strlen(text)) == 0 ? HDF5_PACKED : HDF5_FAILED;
    }
    return count < 0 ? HDF5_FAILED : HDF5_DONE;
}

// All lengths, then all numbers.
static enum hdf5_status pack(hvl_t *rows, size_t count) {
    size_t total = 0;
    for (size_t row = 0; row < count; row++) {
        if (rows[row].len > (SIZE_MAX >> 5) - total) return fail("its rows claim more numbers than can be");
        total += rows[row].len;
    }
    char *target = reply_space(8 * (count + total));
    if (!target) return HDF5_FAILED;
    char *numbers = target + 8 * count;
    for (size_t row = 0; row < count; row++) {
        uint64_t length = rows[row].len;
        memcpy(target + 8 * row, &length, 8);
        if (length > 0) memcpy(numbers, rows[row].p, 8 * length);
        numbers += 8 * length;
    }
    return HDF5_DONE;
}

static enum hdf5_status read_numbers(hid_t file, const struct hdf5_request *request) {
    hid_t dataset = keep(H5Dopen2(file, request->name, H5P_DEFAULT));
    if (dataset < 0) return HDF5_FAILED;
    hid_t creation = keep(H5Dget_create_plist(dataset));
    if (creation < 0) return HDF5_FAILED;
    if (H5Pget_layout(creation) == H5D_VIRTUAL || H5Pget_external_count(creation) != 0) return HDF5_ELSEWHERE;
    enum hdf5_status filters = check_filters(creation);
    if (filters != HDF5_DONE) return filters;
    hid_t space = keep(H5Dget_space(dataset));
    hid_t type = keep(H5Dget_type(dataset));
    if (space < 0 || type < 0) return HDF5_FAILED;
    int rank = H5Sget_simple_extent_ndims(space);
    hsize_t sizes[HDF5_MAX_RANK] = {1};
    if (rank < 0 || rank > HDF5_MAX_RANK || H5Sget_simple_extent_dims(space, sizes, NULL) < 0) return HDF5_FAILED;
    // A single number is a row of one.
    uint64_t rows = rank == 0 ? 1 : sizes[0], first = (uint64_t)request->first;
    if (first > rows || request->count > rows - first) return fail("it has fewer rows than are read");
    size_t count = request->count;
    for (int dimension = 1; dimension < rank; dimension++)
        if (__builtin_mul_overflow(count, sizes[dimension], &count)) return fail("its shape is impossible");
    if (count > SIZE_MAX >> 5) return fail("its shape is impossible");
    if (count == 0) return HDF5_DONE;
    hid_t memory = H5S_ALL;
    if (rank > 0) {
        hsize_t start[HDF5_MAX_RANK] = {first};
        sizes[0] = request->count;
        memory = keep(H5Screate_simple(rank, sizes, NULL));
        if (memory < 0 || H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, sizes, NULL) < 0) return HDF5_FAILED;
    }
    hid_t target = native(request->kind);
    if (H5Tget_class(type) == H5T_VLEN) {
        target = keep(H5Tvlen_create(target));
        hvl_t *varying = calloc(count, sizeof(hvl_t));
        if (target < 0 || !varying) return fail("its rows take more memory than is allowed");
        enum hdf5_status status = HDF5_FAILED;
        if (H5Dread(dataset, target, memory, space, H5P_DEFAULT, varying) >= 0) {
            status = pack(varying, count);
            H5Dvlen_reclaim(target, memory, H5P_DEFAULT, varying);
        }
        free(varying);
        return status;
    }
    if (H5Tget_class(type) == H5T_COMPOUND) {
        hid_t record = keep(H5Tcreate(H5T_COMPOUND, 8));
        if (record < 0 || H5Tinsert(record, request->type, 0, target) < 0) return HDF5_FAILED;
        target = record;
    }
    void *numbers = reply_space(8 * count);
    if (!numbers) return HDF5_FAILED;
    memset(numbers, 0, 8 * count);
    return H5Dread(dataset, target, memory, space, H5P_DEFAULT, numbers) < 0 ? HDF5_FAILED : HDF5_DONE;
}

static enum hdf5_status read_attribute(hid_t file, const char *name, const struct hdf5_request *request) {
    htri_t exists = H5Aexists_by_name(file, name, request->type, H5P_DEFAULT);
    if (exists < 0) return HDF5_FAILED;
    if (exists == 0) return HDF5_DONE;
    hid_t attribute = keep(H5Aopen_by_name(file, name, request->type, H5P_DEFAULT, H5P_DEFAULT));
    if (attribute < 0) return HDF5_FAILED;
    hid_t space = keep(H5Aget_space(attribute));
    hid_t type = keep(H5Aget_type(attribute));
    if (space < 0 || type < 0) return HDF5_FAILED;
    hssize_t count = H5Sget_simple_extent_npoints(space);
    // What is no number is as if it were not there.
    H5T_class_t type_class = H5Tget_class(type);
    if (count < 0 || count > 1024 || (type_class != H5T_INTEGER && type_class != H5T_FLOAT)) return HDF5_DONE;
    void *numbers = reply_space(8 * (size_t)count);
    return numbers && H5Aread(attribute, native(request->kind), numbers) >= 0 ? HDF5_DONE : HDF5_FAILED;
}

enum hdf5_status read_request(hid_t file, const struct hdf5_request *request) {
    enum hdf5_status status = find(file, request->name);
    if (status != HDF5_DONE) return status;
    const char *name = request->name[0] ? request->name : "/";
    uint64_t left = request->count;
    int is_group;
    switch (request->operation) {
        case HDF5_LIST: return list(file, name, &left, 0);
        case HDF5_DESCRIBE: return append_object(file, name, &is_group) == 0 ? HDF5_DONE : HDF5_FAILED;
        case HDF5_READ: return read_numbers(file, request);
        case HDF5_ATTRIBUTE: return read_attribute(file, name, request);
        default: return fail("unknown request");
    }
}
#endif
