#ifdef HDF5
#ifdef __linux__
#define _GNU_SOURCE
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "child.h"

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

static int send_all(int channel, const void *bytes, size_t count) {
    while (count > 0) {
        ssize_t sent = send(channel, bytes, count, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return -1;
        bytes = (const char *)bytes + sent;
        count -= (size_t)sent;
    }
    return 0;
}

int hdf5_receive(int channel, void *bytes, size_t count) {
    while (count > 0) {
        ssize_t taken = recv(channel, bytes, count, 0);
        if (taken < 0 && errno == EINTR) continue;
        if (taken <= 0) return -1;
        bytes = (char *)bytes + taken;
        count -= (size_t)taken;
    }
    return 0;
}

int hdf5_ask(int channel, uint32_t operation, uint32_t kind, int64_t first, uint64_t count, const char *name,
    const char *type, size_t rank, const uint64_t *dimensions, const uint64_t *chunk, const void *payload, uint64_t size) {
    struct hdf5_request request = {
        .operation = operation, .kind = kind, .first = first, .count = count, .rank = rank, .payload = size};
    if (strlen(name) >= sizeof request.name || strlen(type) >= sizeof request.type || rank > HDF5_MAX_RANK) return 1;
    strcpy(request.name, name);
    strcpy(request.type, type);
    if (rank > 0 && dimensions) memcpy(request.dimensions, dimensions, rank * sizeof *dimensions);
    if (rank > 0 && chunk) memcpy(request.chunk, chunk, rank * sizeof *chunk);
    return send_all(channel, &request, sizeof request) == 0 && send_all(channel, payload, size) == 0 ? 0 : -1;
}

// MARK: - The child's surroundings

static void limit(int resource, rlim_t value) {
    struct rlimit limits;
    if (getrlimit(resource, &limits) != 0) return;
    limits.rlim_cur = value < limits.rlim_max ? value : limits.rlim_max;
    setrlimit(resource, &limits);
}

// Bytes of address space in use; 0 where the system does not say.
static uint64_t memory_in_use(void) {
    char text[32] = {0};
    int file = open("/proc/self/statm", O_RDONLY);
    if (file < 0) return 0;
    ssize_t count = read(file, text, sizeof text - 1);
    close(file);
    return count > 0 ? strtoull(text, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

// Signals do what they do in a program that knows none, but for those of the terminal, which are the caller's to answer: it closes the channel.
static void reset_signals(void) {
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
    signal(SIGTSTP, SIG_IGN);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

// Only the file and the channel stay open: locks, pipes and sockets of the caller must end when it ends them.
static void close_others(int file, int channel) {
    file = file < 0 ? -1 : fcntl(file, F_DUPFD, 16);
    channel = fcntl(channel, F_DUPFD, 16);
    int nothing = open("/dev/null", O_RDWR);
    for (int number = 0; number < 3; number++) dup2(nothing, number);
    if (file >= 0) dup2(file, HDF5_FILE);
    else close(HDF5_FILE);
    dup2(channel, HDF5_CHANNEL);
#ifdef SYS_close_range
    if (syscall(SYS_close_range, HDF5_CHANNEL + 1, ~0U, 0) == 0) return;
#endif
    long last = sysconf(_SC_OPEN_MAX);
    for (int number = HDF5_CHANNEL + 1; number < (last > 0 && last < 65536 ? last : 65536); number++) close(number);
}

// MARK: - Requests

static hid_t kept[256];
static int kept_count = 0;

hid_t keep(hid_t identifier) {
    if (identifier < 0) return identifier;
    if (kept_count == (int)(sizeof kept / sizeof kept[0])) {
        H5Idec_ref(identifier);
        return -1;
    }
    return kept[kept_count++] = identifier;
}

static char *reply = NULL;
static size_t reply_size = 0;
static const char *failure = NULL;

void *reply_space(size_t size) {
    free(reply);
    reply_size = 0;
    reply = malloc(size > 0 ? size : 1);
    if (reply) reply_size = size;
    else fail("its numbers take more memory than is allowed");
    return reply;
}

int reply_append(const void *bytes, size_t size) {
    char *larger = realloc(reply, reply_size + size + 1);
    if (!larger) return -1;
    reply = larger;
    if (size > 0) memcpy(reply + reply_size, bytes, size);
    reply_size += size;
    return 0;
}

enum hdf5_status fail(const char *message) {
    failure = message;
    return HDF5_FAILED;
}

// Of HDF5's messages about its last error the innermost is the cause.
static herr_t take_message(unsigned number, const H5E_error2_t *error, void *target) {
    (void)number;
    if (error->desc) snprintf(target, HDF5_MAX_MESSAGE, "HDF5: %s", error->desc);
    return 1;
}

static int answer(enum hdf5_status status) {
    char message[HDF5_MAX_MESSAGE] = "HDF5: no reason given";
    if (status == HDF5_FAILED) {
        if (failure) snprintf(message, sizeof message, "%s", failure);
        else H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, take_message, message);
    }
    H5Eclear2(H5E_DEFAULT);
    failure = NULL;
    while (kept_count > 0) H5Idec_ref(kept[--kept_count]);
    int failed = status == HDF5_FAILED;
    struct hdf5_reply head = {status, failed ? strlen(message) : reply_size};
    int result = send_all(HDF5_CHANNEL, &head, sizeof head);
    if (result == 0) result = send_all(HDF5_CHANNEL, failed ? message : reply, head.size);
    free(reply);
    reply = NULL;
    reply_size = 0;
    return result;
}

static enum hdf5_status version(void) {
    unsigned numbers[4] = {0};
    if (H5get_libversion(&numbers[0], &numbers[1], &numbers[2]) < 0) return HDF5_FAILED;
    numbers[3] = H5Zfilter_avail(H5Z_FILTER_DEFLATE) > 0;
    return reply_append(numbers, sizeof numbers) == 0 ? HDF5_DONE : HDF5_FAILED;
}

static enum hdf5_status break_down(int64_t how) {
    while (how == 0) {
        __asm__ volatile("");
    }
    if (how > 0) raise((int)how);
    while (reply_append("a page at a time", 16) == 0) {
        if (!reply_space(reply_size * 2 + 4096)) break;
        memset(reply, 1, reply_size);
    }
    return fail("its numbers take more memory than is allowed");
}

static hid_t open_or_make(int file) {
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    // A file may name a filter, and HDF5 would look for a library that has it.
    H5PLset_loading_state(0);
    hid_t access = keep(H5Pcreate(H5P_FILE_ACCESS));
    if (access < 0) return -1;
    if (file < 0) {
        // HDF5 wants a name, and uses it for nothing.
        if (H5Pset_fapl_core(access, 1 << 20, 0) < 0) return -1;
        return H5Fcreate("in memory", H5F_ACC_TRUNC, H5P_DEFAULT, access);
    }
#if H5_VERSION_GE(1, 10, 7)
    // Some file systems have no locks; nothing is written.
    H5Pset_file_locking(access, 0, 1);
#endif
    return H5Fopen("/dev/fd/3", H5F_ACC_RDONLY, access);
}

static void serve(int file, struct hdf5_limits limits) {
    uint64_t memory = memory_in_use();
    if (memory > 0 && limits.memory > 0) limit(RLIMIT_AS, (rlim_t)(memory + limits.memory));
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 0);
    if (limits.seconds > 0) limit(RLIMIT_CPU, (rlim_t)limits.seconds);
    hid_t opened = open_or_make(file);
    // No other file from here on, whatever links or views say.
    limit(RLIMIT_NOFILE, 0);
#ifdef __linux__
    prctl(PR_SET_DUMPABLE, 0);
#endif
    if (answer(opened < 0 ? HDF5_FAILED : HDF5_DONE) != 0 || opened < 0) return;
    static struct hdf5_request request;
    while (hdf5_receive(HDF5_CHANNEL, &request, sizeof request) == 0) {
        struct rusage used;
        if (limits.seconds > 0 && getrusage(RUSAGE_SELF, &used) == 0)
            limit(RLIMIT_CPU, (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec + 1) + (rlim_t)limits.seconds);
        void *payload = malloc(request.payload > 0 ? request.payload : 1);
        if (!payload || hdf5_receive(HDF5_CHANNEL, payload, request.payload) != 0) return;
        enum hdf5_status status = request.operation == HDF5_VERSION ? version()
            : request.operation == HDF5_BREAK                       ? break_down(request.first)
            : file < 0                                              ? write_request(opened, &request, payload)
                                                                    : read_request(opened, &request);
        free(payload);
        if (answer(status) != 0) return;
    }
}

pid_t hdf5_start(int file, struct hdf5_limits limits, int *channel) {
    int ends[2];
#ifdef SOCK_CLOEXEC
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return -1;
#else
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return -1;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
#endif
#ifdef SO_NOSIGPIPE
    int on = 1;
    setsockopt(ends[0], SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
    // Until the child has let go of the caller's handlers, none of them may run in it.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t child = fork();
    if (child == 0) {
        reset_signals();
        close_others(file, ends[1]);
        serve(file, limits);
        _exit(0);
    }
    int reason = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(ends[1]);
    if (child < 0) close(ends[0]);
    else *channel = ends[0];
    errno = reason;
    return child;
}
#endif
