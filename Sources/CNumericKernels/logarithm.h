#pragma once
#include <stdint.h>
#include <string.h>

// Eight numbers at a time. Every function that takes a vector is inlined into its clone, so no vector crosses a call.
#pragma clang diagnostic ignored "-Wpsabi"

// A fused multiply-add rounds once where a product and a sum round twice: with it, results would depend on the
// machine. This holds for all that follows, the file that includes this one too.
#pragma STDC FP_CONTRACT OFF

#define LANES 8
#define INLINE static inline __attribute__((always_inline))

typedef uint64_t word8 __attribute__((vector_size(64)));
typedef int64_t int8x64 __attribute__((vector_size(64)));
typedef double double8 __attribute__((vector_size(64)));

INLINE double8 as_double(word8 bits) {
  double8 value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

INLINE word8 as_word(double8 value) {
  word8 bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

// log of positive normal numbers: exponent, and mantissa 1 + f in [sqrt 1/2, sqrt 2), with
// log(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2)), s = f / (2 + f). The polynomial R is that of FreeBSD's e_log.c; the
// error is below one unit in the last place.
INLINE double8 logarithm(double8 x) {
  int8x64 bits = (int8x64)as_word(x);
  int8x64 exponent = (bits - 0x3fe6a09e667f3bcdLL) >> 52;
  double8 f = as_double((word8)(bits - (exponent << 52))) - 1.0;
  // The exponent is small: in the low bits of 1.5 x 2^52 it is a double already.
  double8 k = as_double((word8)(exponent + 0x4338000000000000LL)) - 0x1.8p52;
  double8 s = f / (2.0 + f), z = s * s;
  double8 r = 1.479819860511658591e-01 + (double8){0};
  r = r * z + 1.531383769920937332e-01;
  r = r * z + 1.818357216161805012e-01;
  r = r * z + 2.222219843214978396e-01;
  r = r * z + 2.857142874366239149e-01;
  r = r * z + 3.999999999940941908e-01;
  r = r * z + 6.666666666666735130e-01;
  double8 half = 0.5 * f * f;
  return k * 6.93147180369123816490e-01 - ((half - (s * (half + r * z) + k * 1.90821492927058770002e-10)) - f);
}
