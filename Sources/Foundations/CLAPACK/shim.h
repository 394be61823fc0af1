// Swift does not see functions that take C's own complex numbers; LAPACKE lets others of the same layout be named.
#define LAPACK_COMPLEX_CUSTOM
typedef struct { float real, imaginary; } lapack_complex_float;
typedef struct { double real, imaginary; } lapack_complex_double;
#include <lapacke.h>
