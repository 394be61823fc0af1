// HDF5 in a child process. A file made to break the library ends the child, and the caller gets an error.
//
// The child is a fork of the caller that runs nothing but the C of this folder: no Swift, whose runtime may hold locks of
// other threads. The caller never calls HDF5, so that the library's own lock is free in every child. Both speak over a
// socket: a request, then a reply, in the byte order of the machine. A child serves requests until the socket is closed.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum hdf5_bounds { HDF5_MAX_RANK = 8, HDF5_MAX_NAME = 1024, HDF5_MAX_MESSAGE = 4096 };

// The comments name what `hdf5_ask` is given.
enum hdf5_operation {
    // Of a file that is read.
    HDF5_LIST,       // Entries in the group `name` and the groups in it, at most `count`.
    HDF5_DESCRIBE,   // The entry `name`.
    HDF5_READ,       // Rows first ..< first + count of `name`, of records the field `type`, as 8-byte numbers of `kind`;
                     // of rows that vary in length all lengths come first.
    HDF5_ATTRIBUTE,  // The attribute `type` of `name`: numbers of `kind`.
    // Of a file that is made.
    HDF5_ADD_ARRAY,      // An array of `type`: as "u1", records as "x u2,y u2", rows that vary in length as "*f2".
    HDF5_ADD_ATTRIBUTE,  // An attribute "label type" of `name`.
    HDF5_ADD_LINK,       // A link `name` to the path `type`, in the file of the payload if there is one.
    HDF5_IMAGE,          // All bytes of the file.
    // Of both.
    HDF5_VERSION,  // Three numbers, and whether there is deflate.
    HDF5_BREAK,    // Of tests: the signal `first`; a loop without end for 0; memory without end for -1.
};

// How an array lies in a file that is made. The last two are for tests.
enum hdf5_layout { HDF5_CONTIGUOUS, HDF5_CHUNKED, HDF5_EXTERNAL, HDF5_VIRTUAL };

enum hdf5_numbers { HDF5_SIGNED, HDF5_UNSIGNED, HDF5_REAL };

enum hdf5_status {
    HDF5_DONE,
    HDF5_FAILED,     // The reply is a message.
    HDF5_ABSENT,     // The reply is the entries of the last group on the way.
    HDF5_PACKED,     // By a filter that the library lacks, which the reply names.
    HDF5_ELSEWHERE,  // A link on the way, or storage in another file.
};

struct hdf5_reply {
    uint64_t status;
    uint64_t size;  // Bytes that follow.
};

enum hdf5_entry_kind { HDF5_GROUP, HDF5_ARRAY, HDF5_LINK, HDF5_BROKEN };
enum hdf5_class { HDF5_UNSIGNED_INTEGER, HDF5_SIGNED_INTEGER, HDF5_FLOAT, HDF5_TRUTH, HDF5_TEXT, HDF5_OTHER };

// Its name follows, then its fields, one of an array that has no records.
struct hdf5_entry {
    uint32_t kind;
    uint32_t is_chunked;
    uint32_t is_record;
    uint32_t varies;  // Rows vary in length.
    uint32_t rank;
    uint32_t field_count;
    uint32_t name_length;
    uint64_t dimensions[HDF5_MAX_RANK];
};

// Its name follows.
struct hdf5_field {
    uint32_t type_class;
    uint32_t size;
    uint32_t name_length;
};

// Bounds of a child; 0 leaves one out.
struct hdf5_limits {
    uint64_t memory;   // Bytes beyond what the caller has.
    uint64_t seconds;  // Of the processor, for each request.
};

// Starts a child, which reads a file, or makes one in memory where `file` is negative. Its first reply says whether it could.
// Returns its number, or -1 with errno; the channel is the caller's to close.
pid_t hdf5_start(int file, struct hdf5_limits limits, int *channel);

// Sends a request: 0, -1 where the child is gone, or 1 where a name is too long or there are too many dimensions.
int hdf5_ask(int channel, uint32_t operation, uint32_t kind, int64_t first, uint64_t count, const char *name,
    const char *type, size_t rank, const uint64_t *dimensions, const uint64_t *chunk, const void *payload, uint64_t size);

// Takes as many bytes as are wanted: 0, or -1 where the other side is gone.
int hdf5_receive(int channel, void *bytes, size_t count);
