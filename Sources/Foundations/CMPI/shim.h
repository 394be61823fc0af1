// The few calls of MPI that ranks need. Its constants are macros, which Swift cannot import.
#include <mpi.h>
#include <stdint.h>

// From one thread at a time, whichever it is.
static inline int mpiStart(void) {
    int given = 0;
    int error = MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &given);
    if (error == MPI_SUCCESS) error = MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    return error != MPI_SUCCESS ? error : given < MPI_THREAD_SERIALIZED ? MPI_ERR_UNSUPPORTED_OPERATION : MPI_SUCCESS;
}
static inline int mpiRank(void) {
    int rank = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    return rank;
}
static inline int mpiCount(void) {
    int count = 1;
    MPI_Comm_size(MPI_COMM_WORLD, &count);
    return count;
}
static inline int mpiSum(int64_t *terms, int count) {
    return MPI_Allreduce(MPI_IN_PLACE, terms, count, MPI_INT64_T, MPI_SUM, MPI_COMM_WORLD);
}
static inline int mpiBroadcast(void *bytes, int count) {
    return MPI_Bcast(bytes, count, MPI_BYTE, 0, MPI_COMM_WORLD);
}
static inline int mpiGatherCounts(const int32_t *own, int32_t *all) {
    return MPI_Allgather(own, 1, MPI_INT32_T, all, 1, MPI_INT32_T, MPI_COMM_WORLD);
}
static inline int mpiGather(const void *own, int count, void *all, const int *counts, const int *places) {
    return MPI_Allgatherv(own, count, MPI_BYTE, all, counts, places, MPI_BYTE, MPI_COMM_WORLD);
}
static inline void mpiText(int error, char *text) {
    int length = 0;
    MPI_Error_string(error, text, &length);
    text[length] = 0;
}
static inline int mpiVersionSize(void) { return MPI_MAX_LIBRARY_VERSION_STRING; }
static inline void mpiVersion(char *text) {
    int length = 0;
    MPI_Get_library_version(text, &length);
}
static inline int mpiTextSize(void) { return MPI_MAX_ERROR_STRING + 1; }
static inline int mpiIsRunning(void) {
    int isStarted = 0, isEnded = 0;
    MPI_Initialized(&isStarted);
    MPI_Finalized(&isEnded);
    return isStarted && !isEnded;
}
static inline void mpiAbort(int code) { MPI_Abort(MPI_COMM_WORLD, code); }
