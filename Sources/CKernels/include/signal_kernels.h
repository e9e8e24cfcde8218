#pragma once
#include <stddef.h>
#include <stdint.h>

// Recursions over whole signals and products of spectra, in float and in double; recursions are double inside.
// Compiled for several instruction sets and chosen when the library loads.

#define CASCADE_STAGES 8
// Records of CASCADE_LANES(stages) numbers that a cascade needs before and after those of its samples.
#define CASCADE_LEAD 3
#define CASCADE_TRAIL (CASCADE_STAGES - 1)
#define CASCADE_FEW_STAGES 4
// Numbers of a record.
#define CASCADE_LANES(stages) ((stages) > CASCADE_FEW_STAGES ? CASCADE_STAGES : CASCADE_FEW_STAGES)

// Biquads in series, or sums of their cotangents. Stages from `stages` on must be b0 = 1, the rest 0.
typedef struct {
  double b0[CASCADE_STAGES], b1[CASCADE_STAGES], b2[CASCADE_STAGES], a1[CASCADE_STAGES], a2[CASCADE_STAGES];
  int32_t stages;
} cascade;

// Thresholds in dB, slopes 1 - 1/ratio, one-pole coefficients; or sums of their cotangents.
typedef struct {
  double compressor_threshold, expander_threshold, compressor_slope, expander_slope, attack, release, averaging;
} dynamics_setting;

typedef struct {
  double energy, gain;
} dynamics_state;

#define SIGNAL_DECLARE(T, P)                                                                                      \
  /* All stages in one pass from rest. records: what the pullback needs, (LEAD + count + TRAIL) records, the leading \
     ones zero. */                                                                                                \
  void P##_cascade(const cascade *bands, const T *input, T *records, T *output, size_t count);                   \
  /* cotangent: of the output on entry, of the input on return; gradient is set. */                               \
  void P##_cascade_pullback(const cascade *bands, const T *input, const T *records, T *cotangent,                 \
                            cascade *gradient, size_t count);                                                     \
  void P##_dynamics(const dynamics_setting *setting, dynamics_state *state, const T *input, T *energies,          \
                    T *targets, T *gains, size_t count);                                                          \
  /* From the initial state (energy 0, gain 1); input_cotangent is added to, gradient is set. */                  \
  void P##_dynamics_pullback(const dynamics_setting *setting, const T *input, const T *energies,                  \
                             const T *targets, const T *gains, const T *gain_cotangent, T *input_cotangent,       \
                             dynamics_setting *gradient, size_t count);                                           \
  /* Interleaved complex spectra of count bins: target = a b, target += a b, and the same with conj(b). */        \
  void P##_multiply(const T *a, const T *b, T *target, size_t count);                                             \
  void P##_multiply_add(const T *a, const T *b, T *target, size_t count);                                         \
  void P##_multiply_conjugate(const T *a, const T *b, T *target, size_t count);                                   \
  void P##_multiply_conjugate_add(const T *a, const T *b, T *target, size_t count);                               \
  void P##_scale(const T *source, T factor, T *target, size_t count);                                             \
  void P##_add_scaled(const T *source, T factor, T *target, size_t count);                                        \
  double P##_dot(const T *a, const T *b, size_t count);

SIGNAL_DECLARE(float, f32)
SIGNAL_DECLARE(double, f64)
