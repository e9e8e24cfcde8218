#pragma once
#include <stdint.h>
#include <string.h>

#include "cloned.h"

// What the kernels share: vectors of 64 bytes, logarithm and exponential.

// Every function that takes a vector is inlined into its clone, so no vector crosses a call.
#pragma clang diagnostic ignored "-Wpsabi"

#define CONCAT_(a, b) a##b
#define CONCAT(a, b) CONCAT_(a, b)

#define INLINED static inline __attribute__((always_inline, unused))

typedef float float16 __attribute__((vector_size(64), aligned(4)));
typedef double double8 __attribute__((vector_size(64), aligned(8)));
typedef float float8 __attribute__((vector_size(32), aligned(4)));
typedef float float4 __attribute__((vector_size(16), aligned(4)));
typedef double double4 __attribute__((vector_size(32), aligned(8)));
typedef int32_t int32x16 __attribute__((vector_size(64)));
typedef int64_t int64x8 __attribute__((vector_size(64)));

// log of positive normal floats: exponent and mantissa in [sqrt 1/2, sqrt 2), then the odd series of atanh
// (relative error below 2e-7, measured by the tests).
INLINED float16 f32_log(float16 x) {
  int32x16 bits;
  memcpy(&bits, &x, sizeof bits);
  int32x16 shifted = bits - 0x3f3504f3;
  int32x16 exponent = shifted >> 23;
  int32x16 mantissa_bits = bits - (exponent << 23);
  float16 m;
  memcpy(&m, &mantissa_bits, sizeof m);
  float16 s = (m - 1.0f) / (m + 1.0f), s2 = s * s;
  float16 series = 2.0f + s2 * (0.66666667f + s2 * (0.4f + s2 * (0.28571429f + s2 * 0.22222222f)));
  return __builtin_convertvector(exponent, float16) * 0.69314718f + s * series;
}

// exp of non-positive floats above -87 (smaller ones are clamped: what decays is then zero for all purposes).
INLINED float16 f32_exp(float16 x) {
  x = __builtin_elementwise_max(x, (float16){0} - 87.0f);
  int32x16 k = __builtin_convertvector(x * 1.44269504f - 0.5f, int32x16);
  float16 kf = __builtin_convertvector(k, float16);
  float16 r = (x - kf * 0.693145752f) - kf * 1.42860677e-6f;
  float16 p =
      1.0f + r * (1.0f + r * (0.5f + r * (0.16666667f + r * (0.041666667f + r * (0.0083333333f + r * 0.0013888889f)))));
  int32x16 scale_bits = (k + 127) << 23;
  float16 scale;
  memcpy(&scale, &scale_bits, sizeof scale);
  return p * scale;
}

// The same in double: eleven terms of the atanh series, fourteen of the exponential one.
INLINED double8 f64_log(double8 x) {
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

INLINED double8 f64_exp(double8 x) {
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
