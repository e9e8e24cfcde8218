#pragma once
#include <stddef.h>
#include <stdint.h>

// Transfer functions of the send effects at the bins of a real transform, and their adjoints, in float and in double.
// Compiled for several instruction sets and chosen when the library loads.
//
// Bins come in chunks of KERNEL_BINS: so many real parts, then so many imaginary parts. In adjoints X_bar is the
// cotangent of X with dL = sum over bins of Re(conj(X_bar) dX).

#define KERNEL_BINS 256
#define FDN_MAX_LINES 16

// Sums of an adjoint of the echoes, added to: feedback, then odd to left, odd to right, even to left, even to right.
typedef struct {
  double feedback;
  double weights[4];
} echo_gradient;

// Sums of an adjoint of the network, added to.
typedef struct {
  double mixing[FDN_MAX_LINES * FDN_MAX_LINES];
  double input_gains[FDN_MAX_LINES * 2];
  double output_gains[FDN_MAX_LINES * 2];
  double *attenuations; /* [points] */
} fdn_gradient;

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
  /* odd = h (1 + q + ...), even = f h^2 (1 + q + ...), q = f^2 h^2, so many terms each; left and right are their \
     weighted sums times the input. */                                                                           \
  typedef struct {                                                                                               \
    T feedback;                                                                                                  \
    int32_t odd_terms, even_terms;                                                                               \
    T weights[4]; /* odd to left, odd to right, even to left, even to right */                                   \
  } P##_echoes;                                                                                                  \
  void P##_echo_response(const P##_echoes *echoes, const T *h, const T *input, T *left, T *right);               \
  /* input_bar is added to, h_bar is set. */                                                                     \
  void P##_echo_pullback(const P##_echoes *echoes, const T *h, const T *input, const T *left_bar,                \
                         const T *right_bar, T *h_bar, T *input_bar, echo_gradient *gradient);                   \
                                                                                                                 \
  /* Product of the bands; versine = 2 sin^2(w/2), sine = sin w for each bin. partial has room for band_count + 1 \
     chunks of products of the bands before each. */                                                             \
  void P##_tone_response(const tone_band *bands, size_t band_count, const T *versine, const T *sine, T *tone);   \
  /* gradient[band] is added to. */                                                                              \
  void P##_tone_pullback(const tone_band *bands, size_t band_count, const T *versine, const T *sine,             \
                         const T *tone_bar, T *partial, tone_band *gradient);                                    \
                                                                                                                 \
  /* outputs = tone c (D - U Gamma)^-1 b inputs */                                                               \
  typedef struct {                                                                                               \
    int32_t lines;                                                                                               \
    const T *twiddles;       /* [block of lanes][line][re, im][lane]: exp(i w m) */                              \
    const int32_t *interval; /* [bin]: decay point to the left */                                                \
    const T *fraction;       /* [bin]: position between that point and the next */                               \
    const T *exponents;      /* [lines]: m / m_min */                                                            \
    const T *mixing;         /* [lines][lines]: U, row-major */                                                  \
    const T *input_gains;    /* [lines][2]: b */                                                                 \
    const T *output_gains;   /* [2][lines]: c */                                                                 \
    const T *attenuations;   /* [points]: gamma */                                                               \
  } P##_network;                                                                                                 \
  void P##_network_response(const P##_network *network, size_t first_bin, const T *tone, const T *const inputs[2], \
                            T *const outputs[2]);                                                                \
  /* input_bars are added to, tone_bar is set. */                                                                \
  void P##_network_pullback(const P##_network *network, size_t first_bin, const T *tone, const T *const inputs[2], \
                            const T *const output_bars[2], T *tone_bar, T *const input_bars[2],                  \
                            fdn_gradient *gradient);

TRANSFER_DECLARE(float, f32)
TRANSFER_DECLARE(double, f64)
