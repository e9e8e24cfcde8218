#pragma once
#include <stdint.h>

#include "neural_status.h"

// The parts of a network of sequences that are computed in Float: products of matrices by oneDNN, batch normalisation with ReLU,
// the maximum over time and AdamW, each with its adjoint where it has one.
//
// Every call computes on the calling thread alone. Passes over channels work on a stretch of them, so that threads can share a
// layer and every sum is added by one of them, in the order of the samples. NaN goes through and is never hidden by a maximum.

/* Channels that a pass takes at most. */
enum { SEQUENCE_STRETCH = 64 };

/* result (+)= op(left) op(right): op(left) is [rows, inner], op(right) [inner, columns], all row by row; a stride is the distance
   of two rows as they are stored. */
neural_status sequence_product(int transposes_left, int transposes_right, int64_t rows, int64_t columns, int64_t inner,
                               const float *left, int64_t left_stride, const float *right, int64_t right_stride, int adds,
                               float *result, int64_t result_stride);

/* What a convolution gives: [samples][rows][channels], of which the first `steps` rows of each sample are valid, and what the
   next layer takes: [samples][next_rows][channels], of which it uses the first min(steps, next_rows). */
typedef struct {
  int64_t samples, steps, rows, next_rows, channels;
} sequence_shape;

/* Mean and variance (divided by the count) of each channel over samples and steps. */
void sequence_moments(const float *values, sequence_shape shape, int64_t first, int64_t count, double *means, double *variances);

/* next = max(0, (values - mean) scale + shift); scale, shift and mean are those of the stretch. */
void sequence_normalise(const float *values, sequence_shape shape, int64_t first, int64_t count, const float *means,
                        const float *scales, const float *shifts, float *next);

/* The adjoint where mean and variance are those of these values. `next` and `next_cotangent` are laid out alike. Overwrites
   the valid rows of `cotangent`, which is laid out as values, and the gradients of gain, offset and the bias before the norm, of
   the stretch. */
void sequence_normalise_adjoint(const float *values, sequence_shape shape, int64_t first, int64_t count, const double *means,
                                const double *inverse_deviations, const float *gains, const float *next,
                                const float *next_cotangent, float *cotangent, float *gain_gradient, float *offset_gradient,
                                float *bias_gradient);

/* The greatest of [samples][steps][channels] over steps, and where it is first. */
void sequence_maximum(const float *values, int64_t samples, int64_t steps, int64_t channels, float *maxima, int32_t *places);

/* Its adjoint: overwrites [samples][steps][channels]. */
void sequence_maximum_adjoint(const float *maxima_cotangent, const int32_t *places, int64_t samples, int64_t steps,
                              int64_t channels, float *cotangent);

/* sums[channel] = sum over rows of [rows][channels]. */
void sequence_sums(const float *values, int64_t rows, int64_t channels, float *sums);

/* AdamW as PyTorch computes it, for `count` numbers: decay, then the step of Adam (Loshchilov and Hutter, arXiv 1711.05101). */
typedef struct {
  double learning_rate, first_decay, second_decay, epsilon, weight_decay;
  int64_t step; /* from 1 */
} sequence_adamw;

void sequence_adamw_step(sequence_adamw settings, int64_t count, const float *gradient, float *values, float *first_moments,
                         float *second_moments);
