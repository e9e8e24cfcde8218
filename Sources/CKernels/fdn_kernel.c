#include "fdn_kernel.h"

#include <string.h>

// Every function that takes a vector is inlined into its clone, so no vector crosses a call.
#pragma clang diagnostic ignored "-Wpsabi"

#define CONCAT_(a, b) a##b
#define CONCAT(a, b) CONCAT_(a, b)

#if defined(__x86_64__)
#define CLONED __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define CLONED
#endif

typedef float float8 __attribute__((vector_size(32), aligned(4)));
typedef int32_t int8x32 __attribute__((vector_size(32)));
typedef int64_t int64x8 __attribute__((vector_size(64)));
typedef double double8 __attribute__((vector_size(64), aligned(8)));

// log of positive normal floats: exponent and mantissa in [sqrt 1/2, sqrt 2), then the odd series of atanh
// (relative error below 2e-7, measured by the tests).
static inline __attribute__((always_inline)) float8 fdn_f32_log(float8 x) {
  int8x32 bits;
  memcpy(&bits, &x, sizeof bits);
  int8x32 shifted = bits - 0x3f3504f3;
  int8x32 exponent = shifted >> 23;
  int8x32 mantissa_bits = bits - (exponent << 23);
  float8 m;
  memcpy(&m, &mantissa_bits, sizeof m);
  float8 s = (m - 1.0f) / (m + 1.0f), s2 = s * s;
  float8 series = 2.0f + s2 * (0.66666667f + s2 * (0.4f + s2 * (0.28571429f + s2 * 0.22222222f)));
  return __builtin_convertvector(exponent, float8) * 0.69314718f + s * series;
}

// exp of non-positive floats above -87 (smaller ones are clamped: the attenuation is then zero for all purposes).
static inline __attribute__((always_inline)) float8 fdn_f32_exp(float8 x) {
  x = __builtin_elementwise_max(x, (float8){0} - 87.0f);
  int8x32 k = __builtin_convertvector(x * 1.44269504f - 0.5f, int8x32);
  float8 kf = __builtin_convertvector(k, float8);
  float8 r = (x - kf * 0.693145752f) - kf * 1.42860677e-6f;
  float8 p =
      1.0f + r * (1.0f + r * (0.5f + r * (0.16666667f + r * (0.041666667f + r * (0.0083333333f + r * 0.0013888889f)))));
  int8x32 scale_bits = (k + 127) << 23;
  float8 scale;
  memcpy(&scale, &scale_bits, sizeof scale);
  return p * scale;
}

// The same in double: eleven terms of the atanh series, fourteen of the exponential one.
static inline __attribute__((always_inline)) double8 fdn_f64_log(double8 x) {
  int64x8 bits;
  memcpy(&bits, &x, sizeof bits);
  int64x8 shifted = bits - 0x3fe6a09e667f3bcdLL;
  int64x8 exponent = shifted >> 52;
  int64x8 mantissa_bits = bits - (exponent << 52);
  double8 m;
  memcpy(&m, &mantissa_bits, sizeof m);
  double8 s = (m - 1.0) / (m + 1.0), s2 = s * s, series = (double8){0} + 2.0 / 21;
  for (int k = 9; k >= 0; k--) series = series * s2 + 2.0 / (2 * k + 1);
  return __builtin_convertvector(exponent, double8) * 0.69314718055994530942 + s * series;
}

static inline __attribute__((always_inline)) double8 fdn_f64_exp(double8 x) {
  x = __builtin_elementwise_max(x, (double8){0} - 700.0);
  int64x8 k = __builtin_convertvector(x * 1.4426950408889634 - 0.5, int64x8);
  double8 kf = __builtin_convertvector(k, double8);
  double8 r = (x - kf * 0x1.62e42fefa0000p-1) - kf * 0x1.cf79abc9e3b3ap-40;
  double8 p = (double8){0} + 1.0;
  for (int term = 14; term >= 1; term--) p = 1.0 + r * p * (1.0 / term);
  int64x8 scale_bits = (k + 1023) << 52;
  double8 scale;
  memcpy(&scale, &scale_bits, sizeof scale);
  return p * scale;
}

#define T float
#define V float8
#define NAME fdn_f32
#include "fdn_kernel.inc"
#undef T
#undef V
#undef NAME

#define T double
#define V double8
#define NAME fdn_f64
#include "fdn_kernel.inc"
