#include "sqsnn.h"
#include "sqsnn_internal.h"

#include <string.h>

static _Thread_local char last_error[8192];

const char *sqs_error(void) { return last_error; }

void sqs_set_error(const char *text) {
    strncpy(last_error, text, sizeof last_error - 1);
    last_error[sizeof last_error - 1] = 0;
}
