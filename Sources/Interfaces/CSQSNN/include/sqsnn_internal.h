#ifndef SQSNN_INTERNAL_H
#define SQSNN_INTERNAL_H

/// What sqs_error() will tell this thread; cut where it is longer than 8 KiB.
void sqs_set_error(const char *text);

#endif
