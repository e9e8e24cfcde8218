#pragma once
#include <stddef.h>
#include <stdint.h>

// Response of a feedback delay network over a range of frequency bins, and its adjoint, in float and in double.
// Compiled for several instruction sets and chosen when the library loads.

#define FDN_MAX_LINES 16

/* Sums over bins in double for both precisions, added to. */
typedef struct {
  double mixing[FDN_MAX_LINES * FDN_MAX_LINES];
  double input_gains[FDN_MAX_LINES * 2];
  double output_gains[FDN_MAX_LINES * 2];
  double *attenuations; /* [points] */
} fdn_gradient;

#define FDN_DECLARE(T, NAME)                                                                              \
  typedef struct {                                                                                        \
    int32_t lines;                                                                                        \
    int32_t points;               /* decay points */                                                      \
    const T *twiddles;            /* [bins of 64 bytes][line][re, im][bin]: exp(i w m) */                  \
    const int32_t *interval;      /* [bin]: decay point to the left */                                    \
    const T *fraction;            /* [bin]: position between that point and the next */                   \
    const T *exponents;           /* [lines]: m / m_min */                                                \
    const T *mixing;              /* [lines][lines]: U, row-major */                                      \
    const T *input_gains;         /* [lines][2]: b */                                                     \
    const T *output_gains;        /* [2][lines]: c */                                                     \
    const T *attenuations;        /* [points]: gamma */                                                   \
  } NAME##_network;                                                                                       \
  /* response[output * 2 + input]: interleaved complex spectra; bins [first, last), first a multiple of the bins in 64 bytes */ \
  void NAME##_response(const NAME##_network *network, T *const response[4], size_t first, size_t last);   \
  /* cotangent: spectra C with dL = scale Re(conj(C) dH) */                                               \
  void NAME##_pullback(const NAME##_network *network, const T *const cotangent[4], T scale,               \
                       fdn_gradient *gradient, size_t first, size_t last);

FDN_DECLARE(float, fdn_f32)
FDN_DECLARE(double, fdn_f64)
