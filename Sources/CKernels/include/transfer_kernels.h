#pragma once
#include <stddef.h>
#include <stdint.h>

// Send effects as transfer functions at the bins of a real transform, and their adjoints, in float and in double.
// Compiled for several instruction sets and chosen when the library loads.
//
// Bins come in chunks of KERNEL_BINS: so many real parts, then so many imaginary parts. In adjoints X_bar is the
// cotangent of X with dL = sum over bins of Re(conj(X_bar) dX).

#define KERNEL_BINS 256

#define TRANSFER_DECLARE(T, P)                                                                                   \
  /* The first `count` interleaved complex numbers as a chunk, filled up with zeros; and back. */                \
  void P##_split(const T *spectrum, T *chunk, size_t count);                                                     \
  void P##_merge(const T *chunk, T *spectrum, size_t count);                                                     \
                                                                                                                 \
  /* outputs[o] = sum_i matrix[o * inputs + i] inputs[i] with interleaved spectra in the matrix, `count` bins of them; \
     outputs are zero past those. */                                                                             \
  void P##_send_response(size_t input_count, T *const matrix[4], const T *const inputs[2], T *const outputs[2],  \
                         size_t count);                                                                          \
  /* matrix is replaced by its cotangent, input_bars are added to. */                                            \
  void P##_send_pullback(size_t input_count, T *const matrix[4], const T *const inputs[2],                       \
                         const T *const output_bars[2], T *const input_bars[2], size_t count);                   \
                                                                                                                 \
  /* Sums of the odd and of the even ones of `echoes` echoes of spectrum H with so much feedback f, interleaved:   \
     H + f^2 H^3 + f^4 H^5 ... and f H^2 + f^3 H^4 ... */                                                        \
  void P##_echoes(const T *echo, T feedback, int echoes, T *odd, T *even, size_t count);                         \
  /* odd and even: the sums' cotangents; odd is replaced by the echo's. Returns the feedback's cotangent, in which \
     all bins but the first and the last count twice. */                                                         \
  double P##_echoes_pullback(const T *echo, T feedback, int echoes, T *odd, const T *even, size_t count);

TRANSFER_DECLARE(float, f32)
TRANSFER_DECLARE(double, f64)
