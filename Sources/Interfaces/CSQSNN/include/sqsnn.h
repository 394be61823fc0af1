/// Stochastic quantum spiking neural networks: the engine of swift-sqsnn for C and whatever calls C.
///
/// Every function that can fail returns SQS_OK or the code of what went wrong; sqs_error() then tells it in words. What is made by a
/// function with `_create` or `_load` in its name is freed by the one with `_free`; NULL may be freed. Text that is handed out is freed by
/// sqs_text_free(). Buffers are pointers with lengths in elements, row after row, the last index fastest; they are read or written during
/// the call only.
///
/// Threads: functions may be called from any thread; one object by one thread at a time. The last error is the calling thread's own.
/// A process that forks must not call these functions in the child after they have been called in the parent, for the engine's threads are
/// not there.
#ifndef SQSNN_H
#define SQSNN_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Of these declarations: a library of another number is not to be called by them.
#define SQS_ABI 1

enum {
    SQS_OK = 0,
    /// Anything that stopped the work.
    SQS_FAILED = 1,
    /// The call itself is wrong.
    SQS_USAGE = 2,
    /// A file or a value is wrong.
    SQS_BAD_INPUT = 3,
    /// A callback asked to stop.
    SQS_STOPPED = 130
};

int32_t sqs_abi(void);
/// As in "0.1.0".
const char *sqs_version(void);
/// What went wrong in this thread's last call that failed: place, what was found, what was expected. Valid until the next call.
const char *sqs_error(void);
void sqs_text_free(char *text);

/// Told how far a work is; what is not 0 stops it.
typedef int32_t (*sqs_progress)(void *context, int64_t done, int64_t total);

// MARK: Arrays

/// Arrays with names, to be read where they lie until they are freed.
typedef struct sqs_arrays sqs_arrays;

int64_t sqs_arrays_count(const sqs_arrays *arrays);
const char *sqs_arrays_name(const sqs_arrays *arrays, int64_t index);
/// 1 for float, 0 for uint8_t.
int32_t sqs_arrays_are_floats(const sqs_arrays *arrays, int64_t index);
int64_t sqs_arrays_rank(const sqs_arrays *arrays, int64_t index);
const int64_t *sqs_arrays_dimensions(const sqs_arrays *arrays, int64_t index);
const void *sqs_arrays_elements(const sqs_arrays *arrays, int64_t index);
void sqs_arrays_free(sqs_arrays *arrays);

// MARK: Configurations

/// The configuration of a run, as `run.json` has it, from options of `sqsnn train`.
///
/// - options: a JSON object of texts by the names of the options, as {"hidden": "200", "epochs": "3"}.
/// - configuration: JSON, to be freed.
int32_t sqs_configuration_create(const char *options, char **configuration);

// MARK: Samples

typedef struct sqs_samples sqs_samples;

/// Labelled images, which are encoded as the recipe says. Pixels are copied.
///
/// - pixels: count × height × width, 0 for black.
/// - labels: count, below class_count, at most 256 classes.
int32_t sqs_images_create(
    const uint8_t *pixels, int64_t count, int64_t height, int64_t width, const uint8_t *labels, int64_t class_count,
    sqs_samples **samples);

/// Labelled spike trains. They are copied, a bit each.
///
/// - spikes: count × steps × inputs, 0 or 1.
int32_t sqs_spikes_create(
    const uint8_t *spikes, int64_t count, int64_t steps, int64_t inputs, const uint8_t *labels, int64_t class_count,
    sqs_samples **samples);

/// Labelled series of real numbers that the weights of the inputs multiply. They are copied.
///
/// - values: count × steps × inputs.
int32_t sqs_values_create(
    const float *values, int64_t count, int64_t steps, int64_t inputs, const uint8_t *labels, int64_t class_count,
    sqs_samples **samples);

/// The samples to learn from and those to judge by of the data set that a configuration names.
int32_t sqs_dataset_load(const char *configuration, sqs_samples **training, sqs_samples **judging);

/// What to fetch of a data set, for a program that does.
///
/// - url: a folder on the network that holds the files; NULL for that of the catalogue.
/// - files: JSON, to be freed: the "folder" where they are looked for and, of each of the "files", its name, address (and one to show),
///   the most bytes that it and its contents can have, and the SHA-256 of its contents or, "is_of_archive", of the file as published.
int32_t sqs_dataset_files(const char *name, const char *url, char **files);

int64_t sqs_samples_count(const sqs_samples *samples);
int64_t sqs_samples_inputs(const sqs_samples *samples);
int64_t sqs_samples_classes(const sqs_samples *samples);
/// Of images: pixels, count × height × width, and labels, count; both bytes.
int32_t sqs_samples_arrays(const sqs_samples *samples, sqs_arrays **arrays);
void sqs_samples_free(sqs_samples *samples);

// MARK: Training

typedef struct sqs_trainer sqs_trainer;

/// A trainer at its beginning, for samples of so many inputs and classes.
///
/// - threads: 0 for one a core; without effect on the result.
int32_t sqs_trainer_create(
    const char *configuration, int64_t inputs, int64_t classes, int32_t threads, sqs_trainer **trainer);

/// Trains one epoch, or the rest of one that was stopped. The callback hears of every batch.
///
/// - metrics: JSON, to be freed; may be NULL.
/// Returns SQS_STOPPED where the callback stopped it: the next call goes on there.
int32_t sqs_trainer_epoch(
    sqs_trainer *trainer, const sqs_samples *samples, sqs_progress progress, void *context, char **metrics);

/// Accuracy, loss and spikes of single-shot passes, as JSON, to be freed.
int32_t sqs_trainer_evaluate(
    const sqs_trainer *trainer, const sqs_samples *samples, int64_t passes, char **evaluation);

/// What the network is given of samples in the first pass of sqs_trainer_evaluate(): bytes, samples × steps × inputs × channels, or, of graphs
/// whose input is values, floats, samples × steps × inputs; of one sample without the first dimension.
int32_t sqs_trainer_encode(const sqs_trainer *trainer, const sqs_samples *samples, sqs_arrays **arrays);

/// Classes, the share of spikes of each class, and what the network takes these for.
///
/// - labels: as many as samples; may be NULL.
/// - rates, probabilities: samples × classes; may be NULL.
int32_t sqs_trainer_predict(
    const sqs_trainer *trainer, const sqs_samples *samples, int64_t passes, int64_t *labels, double *rates,
    double *probabilities);

/// Trainable numbers.
int64_t sqs_trainer_parameters(const sqs_trainer *trainer);
/// Epochs that are done.
int64_t sqs_trainer_epochs(const sqs_trainer *trainer);

/// SHA-256 of all parameters, as `weights_digest` of `summary.json`: 64 characters and a 0.
int32_t sqs_trainer_digest(const sqs_trainer *trainer, char digest[65]);

/// Everything that is needed to go on, as a file in safetensors format has it: parameters, moments, where the training stands.
///
/// - checkpoint: length bytes, to be freed by sqs_bytes_free().
int32_t sqs_trainer_checkpoint(const sqs_trainer *trainer, uint8_t **checkpoint, int64_t *length);
/// Puts a trainer of the same configuration where the checkpoint was taken.
int32_t sqs_trainer_restore(sqs_trainer *trainer, const uint8_t *checkpoint, int64_t length);
void sqs_bytes_free(uint8_t *bytes);
/// Another trainer that stands where this does.
int32_t sqs_trainer_copy(const sqs_trainer *trainer, sqs_trainer **copy);
void sqs_trainer_free(sqs_trainer *trainer);

// MARK: Streams

/// A trained network that goes on from step to step, and says after each which class the last spikes speak for.
typedef struct sqs_stream sqs_stream;

/// - window: steps that a decision is made from, 1 to 65,536; 0 for those of the training.
int32_t sqs_stream_create(const sqs_trainer *trainer, int64_t window, uint64_t seed, sqs_stream **stream);

/// Takes one time step.
///
/// - inputs: those that spike, in any order.
/// - rates: written, one a class: spikes for each neuron, step and channel in the window; may be NULL.
int32_t sqs_stream_step(
    sqs_stream *stream, const int64_t *inputs, int64_t count, int64_t *label, double *rates);

void sqs_stream_free(sqs_stream *stream);

// MARK: Networks

/// A graph of populations with its weights; never changed.
typedef struct sqs_network sqs_network;

/// - graph: JSON, as a graph file has it.
/// - seed: of the first weights and parameters, where the graph gives none.
int32_t sqs_network_create(const char *graph, uint64_t seed, sqs_network **network);
/// The network of a trainer, as it is now.
int32_t sqs_trainer_network(const sqs_trainer *trainer, sqs_network **network);
/// - graph: JSON, to be freed.
int32_t sqs_network_graph(const sqs_network *network, char **graph);

/// Runs a network, and records what it does.
///
/// - spikes: samples × steps × inputs × channels, 0 or 1; of graphs whose input is spikes, otherwise NULL.
/// - values: samples × steps × inputs; of graphs whose input is values, otherwise NULL.
/// - quantities: what is recorded beside spikes, with commas between: probabilities, currents, memory.
/// - arrays: population/spikes (bytes) and population/quantity (floats), samples × steps × neurons × (channels, currents or quantities);
///   of one sample without the first dimension.
int32_t sqs_network_run(
    const sqs_network *network, const uint8_t *spikes, const float *values, int64_t samples, int64_t steps,
    const char *quantities, uint64_t seed, int32_t threads, sqs_arrays **arrays);

void sqs_network_free(sqs_network *network);

// MARK: Layers of neurons in programs of others

/// A layer of neurons between arrays: it keeps neither parameters nor memory from one call to the next.
typedef struct sqs_layer sqs_layer;

/// - model: JSON, as a population of a graph file has it: {"model": "sqs", "ansatz": "exchange"}.
/// - neurons: 1 to 65,536.
/// - threads: 0 for one a core; without effect on the results.
int32_t sqs_layer_create(const char *model, int64_t neurons, int32_t threads, sqs_layer **layer);

/// Spikes that a neuron gives at each step.
int64_t sqs_layer_channels(const sqs_layer *layer);
/// Currents that a neuron takes at each step.
int64_t sqs_layer_currents(const sqs_layer *layer);
/// Trainable numbers of a neuron.
int64_t sqs_layer_parameters(const sqs_layer *layer);
/// Numbers that the memory of all neurons is for one sample. Only the engine can read them: they are for a later call.
int64_t sqs_layer_memory(const sqs_layer *layer);
/// Words of the record of one step of a sample.
int64_t sqs_layer_record(const sqs_layer *layer);

/// Parameters as training begins with them.
///
/// - parameters: written, neurons × parameters.
int32_t sqs_layer_initial(const sqs_layer *layer, uint64_t seed, float *parameters);

/// Runs all steps of all samples.
///
/// - seed: of the measurements; the same seed gives the same spikes.
/// - parameters: neurons × parameters; angles in radians.
/// - currents: samples × steps × neurons × currents.
/// - memory_before: samples × memory, or NULL for fresh neurons.
/// - spikes: written, samples × steps × neurons × channels, 0 or 1.
/// - firing: written, like the spikes: the probability of a spike, given the neuron's own before; may be NULL.
/// - memory_after: written, samples × memory; may be NULL.
/// - record: written, samples × steps × record: the spikes as sqs_layer_adjoint() takes them, which only the engine can read; may be NULL.
int32_t sqs_layer_step(
    const sqs_layer *layer, int64_t samples, int64_t steps, uint64_t seed, const float *parameters,
    const float *currents, const float *memory_before, float *spikes, float *firing, float *memory_after,
    uint64_t *record);

/// Gradients of a step along its spikes: arguments of sqs_layer_step() with what it wrote, and the derivatives of a loss by that.
///
/// - surrogate: what the derivative of a spike by its probability p is taken to be: 0 for 1, 1 for p (1 − p), 2 for that of a sigmoid at p.
/// - memory_after_errors: as the adjoint of the later call wrote them as memory_before_errors; NULL for zeros.
/// - parameter_errors, current_errors: written.
/// - memory_before_errors: written; may be NULL.
int32_t sqs_layer_adjoint(
    const sqs_layer *layer, int64_t samples, int64_t steps, int32_t surrogate, const float *parameters,
    const float *currents, const float *memory_before, const uint64_t *record, const float *spike_errors,
    const float *memory_after_errors, float *parameter_errors, float *current_errors,
    float *memory_before_errors);

void sqs_layer_free(sqs_layer *layer);

// MARK: Reservoirs

/// Untrained neurons behind random inputs, whose firing a read-out of the caller's own may learn from.
typedef struct sqs_reservoir sqs_reservoir;

/// - model: JSON, as a population of a graph file has it.
/// - neurons: 1 to 10,000.
/// - inputs: numbers that come in at each step.
/// - spread, range, gain: as of `sqsnn reservoir`: how widely the neurons' numbers are drawn and the inputs move them.
/// - threads: 0 for one a core; without effect on the results.
int32_t sqs_reservoir_create(
    const char *model, int64_t neurons, int64_t inputs, double spread, double range, double gain,
    uint64_t seed, int32_t threads, sqs_reservoir **reservoir);

/// Features of a step: the channels of all neurons.
int64_t sqs_reservoir_size(const sqs_reservoir *reservoir);

/// Runs series, each from the ground state.
///
/// - values: series × steps × inputs, 0 to 1.
/// - shots: runs that the firing probabilities are estimated from; 0 for exact ones.
/// - features: written, series × steps × size.
int32_t sqs_reservoir_features(
    const sqs_reservoir *reservoir, const double *values, int64_t series, int64_t steps, int64_t shots,
    double *features);

void sqs_reservoir_free(sqs_reservoir *reservoir);

// MARK: Analyses

/// Runs neurons on given currents and spikes, exactly: what `sqsnn neuron trace --json` prints of a file with this text.
int32_t sqs_neuron_trace(const char *cases, char **results);

/// What a circuit remembers.
///
/// - circuit: a name of the catalogue, or a gate list as JSON.
/// - report: JSON, to be freed.
int32_t sqs_neuron_memory(const char *circuit, char **report);

/// How far a campaign is: what `sqsnn campaign show --json` prints.
int32_t sqs_campaign_summary(const char *folder, char **summary);

#ifdef __cplusplus
}
#endif

#endif
