#pragma once
#include <stddef.h>
#include <stdint.h>

// Send effects as transfer functions at the bins of a real transform, and their adjoints, in float and in double.
// Compiled for several instruction sets and chosen when the library loads.
//
// Bins come in chunks of KERNEL_BINS: so many real parts, then so many imaginary parts. In adjoints X_bar is the
// cotangent of X with dL = sum over bins of Re(conj(X_bar) dX).

#define KERNEL_BINS 256

// A biquad on the unit circle: e^iw B = (sum - 2 outer sin^2(w/2)) + i skew sin w, with sum = b0 + b1 + b2,
// outer = b0 + b2, skew = b0 - b2; written so that no low-frequency band cancels. The same for its denominator.
typedef struct {
  double numerator[3], denominator[3]; /* sum, outer, skew */
} tone_band;

#define TRANSFER_DECLARE(T, P)                                                                                   \
  /* The first `count` interleaved complex numbers as a chunk, filled up with zeros; and back. */                \
  void P##_split(const T *spectrum, T *chunk, size_t count);                                                     \
  void P##_merge(const T *chunk, T *spectrum, size_t count);                                                     \
                                                                                                                 \
  /* Product of the bands; versine = 2 sin^2(w/2), sine = sin w for each bin. */                                 \
  void P##_tone_response(const tone_band *bands, size_t band_count, const T *versine, const T *sine, T *tone);   \
  /* gradient[band] is added to. partial has room for band_count + 1 chunks of products of the bands before each. */ \
  void P##_tone_pullback(const tone_band *bands, size_t band_count, const T *versine, const T *sine,             \
                         const T *tone_bar, T *partial, tone_band *gradient);                                    \
                                                                                                                 \
  /* outputs[o] = tone sum_i matrix[o * inputs + i] inputs[i] with interleaved spectra in the matrix, `count` bins of \
     them; outputs are zero past those. */                                                                       \
  void P##_send_response(size_t input_count, T *const matrix[4], const T *tone, const T *const inputs[2],        \
                         T *const outputs[2], size_t count);                                                     \
  /* matrix is replaced by its cotangent, tone_bar is set, input_bars are added to. */                           \
  void P##_send_pullback(size_t input_count, T *const matrix[4], const T *tone, const T *const inputs[2],        \
                         const T *const output_bars[2], T *tone_bar, T *const input_bars[2], size_t count);

TRANSFER_DECLARE(float, f32)
TRANSFER_DECLARE(double, f64)
