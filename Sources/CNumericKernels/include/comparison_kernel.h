#pragma once
#include <stddef.h>

// Inner loops of distances between two signals. Additions, multiplications, divisions and square roots, none of them
// fused, in one order: the sums are the same to the last bit on every instruction set.

// Compares the spectra of one frame: bins of interleaved complex numbers, left and right of both signals. For left,
// right, left + right and left - right, in this order, adds to sums[3 channel ...] the sums over bins of
// (|P| - |Q|)^2, |Q|^2 and |log |P|^2 - log |Q|^2|, powers held at or above `floor`.
void comparison_spectra(const double *predicted_left, const double *predicted_right, const double *wanted_left,
                        const double *wanted_right, size_t bins, double floor, double sums[12]);

// Averages the powers of both signals, held at or above `floor`, by one-pole filters from state 0, over a short and a
// long time, and stores the ratios prediction / target of the averages. Two channels of `count` samples each, one
// after the other in every array.
void comparison_averages(const double *predicted, const double *wanted, size_t count, double floor,
                         double short_coefficient, double long_coefficient, double *short_ratios,
                         double *long_ratios);

// The sum of |log(first[i] / second[i])|, of positive numbers.
double comparison_log_ratios(const double *first, const double *second, size_t count);

// output[i] = sum over taps of taps[tap] input[i + tap].
void comparison_filter(const double *input, size_t count, const double *taps, size_t tap_count, double *output);
