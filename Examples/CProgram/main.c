// Trains a network from C, and lets it follow one sample step by step:
//
//     swift build -c release --product sqsnn-c
//     cc Examples/CProgram/main.c -I Sources/Interfaces/CSQSNN/include -L .build/release -lsqsnn-c -Wl,-rpath,$PWD/.build/release -o c-program
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sqsnn.h"

static void check(int32_t code) {
    if (code == SQS_OK) return;
    fprintf(stderr, "%s\n", sqs_error());
    exit(code);
}

// Told after every batch; what is not 0 stops the epoch, and the next call goes on there.
static int32_t report(void *context, int64_t done, int64_t total) {
    int *batches = context;
    *batches += 1;
    if (done == total) printf("%" PRId64 " samples in %d batches\n", total, *batches);
    return 0;
}

int main(void) {
    if (sqs_abi() != SQS_ABI) {
        fprintf(stderr, "the library has interface %d, expected %d\n", sqs_abi(), SQS_ABI);
        return 1;
    }
    char *configuration;
    check(sqs_configuration_create("{\"hidden\": \"100\", \"epochs\": \"1\", \"limit\": \"5120\"}", &configuration));

    sqs_samples *training, *test;
    check(sqs_dataset_load(configuration, &training, &test));
    int64_t classes = sqs_samples_classes(training);
    sqs_trainer *trainer;
    check(sqs_trainer_create(configuration, sqs_samples_inputs(training), classes, 0, &trainer));

    int batches = 0;
    char *metrics;
    check(sqs_trainer_epoch(trainer, training, report, &batches, &metrics));
    sqs_text_free(metrics);

    sqs_arrays *images;
    check(sqs_samples_arrays(test, &images));
    const uint8_t *labels = sqs_arrays_elements(images, 1);
    int64_t count = sqs_samples_count(test), right = 0;
    int64_t *predicted = malloc(count * sizeof *predicted);
    check(sqs_trainer_predict(trainer, test, 1, predicted, NULL, NULL));
    for (int64_t sample = 0; sample < count; sample++) right += predicted[sample] == labels[sample];
    printf("%.1f %% of %" PRId64 " test images\n", 100.0 * right / count, count);

    // The first test image's bright pixels, as spikes at every step.
    const uint8_t *pixels = sqs_arrays_elements(images, 0);
    int64_t active[28 * 28], spikes = 0, label = 0;
    for (int64_t pixel = 0; pixel < 28 * 28; pixel++)
        if (pixels[pixel] > 127) active[spikes++] = pixel;
    double rates[256];
    sqs_stream *stream;
    check(sqs_stream_create(trainer, 0, 1, &stream));
    for (int step = 0; step < 5; step++) check(sqs_stream_step(stream, active, spikes, &label, rates));
    printf("a stream of image 0 is read as class %" PRId64 ", rate %.2f; it is %d\n", label, rates[label], labels[0]);

    free(predicted);
    sqs_stream_free(stream);
    sqs_arrays_free(images);
    sqs_trainer_free(trainer);
    sqs_samples_free(training);
    sqs_samples_free(test);
    sqs_text_free(configuration);
    return 0;
}
