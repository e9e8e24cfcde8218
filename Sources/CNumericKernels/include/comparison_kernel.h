#pragma once
#include <stddef.h>
#include <stdint.h>

// Inner loops of distances between two signals. Additions, multiplications, divisions and square roots, none of them
// fused, in one order: the sums are the same to the last bit on every instruction set.

// The sum of |log a - log b| over pairs of numbers, as products in eight lanes; all zeros for no pair.
typedef struct {
  double greater[8], lesser[8];
  int64_t exponent[8];
} comparison_products;

double comparison_log_sum(const comparison_products *products);

// Sums over bins of (|P| - |Q|)^2, |Q|^2 and |log |P|^2 - log |Q|^2| of left, right, left + right and left - right, in
// eight lanes; all zeros for no bin.
typedef struct {
  double difference[4][8], target[4][8];
  comparison_products products[4];
} spectral_comparison;

// Adds the spectra of one frame: bins of interleaved complex numbers, left and right of both signals. Powers are held
// at or above `floor`.
void comparison_spectra(const double *predicted_left, const double *predicted_right, const double *wanted_left,
                        const double *wanted_right, size_t bins, double floor, spectral_comparison *comparison);

// The three sums of each of the four channels.
void comparison_spectral_sums(const spectral_comparison *comparison, double sums[12]);

// Averages the powers of both signals, held at or above `floor`, by one-pole filters over a short and a long time, and
// stores the ratios prediction / target of the averages. The inputs are left and right of the prediction and of the
// target, the ratios short left, short right, long left and long right, `count` samples each. `state` holds the
// averages before the first sample, and after the last one.
void comparison_averages(const double *const inputs[4], size_t count, double floor, double short_coefficient,
                         double long_coefficient, double state[8], double *const ratios[4]);

// Adds |log first[i] - log second[i]| of positive numbers.
void comparison_log_ratios(const double *first, const double *second, size_t count, comparison_products *products);

// output[i] = sum over taps of taps[tap] input[i + tap].
void comparison_filter(const double *input, size_t count, const double *taps, size_t tap_count, double *output);
