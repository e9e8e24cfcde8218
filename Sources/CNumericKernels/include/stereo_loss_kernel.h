#pragma once
#include <stddef.h>

// Inner loops of the distances between two stereo signals with their gradients, in float and in double.
// Compiled for several instruction sets and chosen when the library loads. Recursions and the sums over frames are double in both.

#define STEREO_LOSS_DECLARE(T, P)                                                                                 \
  /* output[i] = sum over taps of taps[tap] input[i + tap]. */                                                    \
  void P##_fir(const T *input, size_t count, const T *taps, size_t tap_count, T *output);                         \
  /* output = window input, and output += window input. */                                                       \
  void P##_window(const T *window, const T *input, T *output, size_t count);                                      \
  void P##_window_add(const T *window, const T *input, T *output, size_t count);                                  \
                                                                                                                  \
  /* Adds to sums[3 c ...] of channel c (left, right, left + right, left - right) the sums over bins of           \
     (|P| - |Q|)^2, |Q|^2 and |log |P|^2 - log |Q|^2|. Spectra are `bins` interleaved complex numbers, powers are \
     held at or above `floor`. */                                                                                 \
  void P##_spectral_loss(const T *predicted_left, const T *predicted_right, const T *wanted_left,                 \
                         const T *wanted_right, size_t bins, T floor, double sums[12]);                           \
  /* Replaces the predicted spectra by the gradient with respect to them, of a distance whose derivatives with    \
     respect to |P| are convergence[c] (|P| - |Q|) + logarithm[c] sign(|P| - |Q|) / |P| in channel c. */          \
  void P##_spectral_loss_gradient(T *predicted_left, T *predicted_right, const T *wanted_left,                    \
                                  const T *wanted_right, size_t bins, T floor,                                    \
                                  const double convergence[4], const double logarithm[4]);                        \
                                                                                                                  \
  /* One-pole averages from state 0 of the powers of two channels of a prediction and of a target, held at or     \
     above `floor`, over a short and a long time. records [count][8]: the ratios prediction / target of the       \
     short and of the long averages, each of both channels, then the inverses of the prediction's averages. */    \
  void P##_range_averages(const T *const inputs[4], size_t count, double floor, const double coefficients[2],     \
                          T *records);                                                                            \
  /* The sum of |log (short ratio[n] / long ratio[n + shift])|, where n + shift goes on from the end of one       \
     channel to the start of the next and round; adds `weight` times its gradient to those of the predicted       \
     channels. */                                                                                                 \
  double P##_range_gradient(const T *records, const T *const predicted[2], size_t count, size_t shift,            \
                            double floor, const double coefficients[2], double weight, T *const gradients[2]);

STEREO_LOSS_DECLARE(float, f32)
STEREO_LOSS_DECLARE(double, f64)
