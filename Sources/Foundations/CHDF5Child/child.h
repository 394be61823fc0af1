// What the files of this folder share; all of it runs in the child.
#pragma once
#include <hdf5.h>

#include "CHDF5Child.h"

enum { HDF5_FILE = 3, HDF5_CHANNEL = 4 };

struct hdf5_request {
    uint32_t operation;
    uint32_t kind;  // hdf5_numbers or hdf5_layout
    int64_t first;
    uint64_t count;
    uint64_t rank;
    uint64_t dimensions[HDF5_MAX_RANK];
    uint64_t chunk[HDF5_MAX_RANK];
    uint64_t payload;  // Bytes that follow.
    char name[HDF5_MAX_NAME];
    char type[HDF5_MAX_NAME];
};

// Answers to a request of one kind of file.
enum hdf5_status read_request(hid_t file, const struct hdf5_request *request);
enum hdf5_status write_request(hid_t file, const struct hdf5_request *request, const void *payload);

// What is answered with, and how much memory may be taken for it.
void *reply_space(size_t size);
int reply_append(const void *bytes, size_t size);

// Sets what a failure is called, instead of HDF5's own words.
enum hdf5_status fail(const char *message);

// Closes an identifier when the request is done.
hid_t keep(hid_t identifier);
