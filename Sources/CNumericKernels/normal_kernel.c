#include "normal_kernel.h"

#include "cloned.h"
#include "logarithm.h"

// sin and cos of (pi / 2) (quadrant + r), |r| <= 1/2, by the polynomials of FreeBSD's k_sin.c and k_cos.c.
INLINE void sine_and_cosine(word8 quadrant, double8 r, double8 *sine, double8 *cosine) {
  double8 x = r * 1.57079632679489661923;
  double8 z = x * x;
  double8 p = 1.58969099521155010221e-10 + (double8){0};
  p = p * z - 2.50507602534068634195e-08;
  p = p * z + 2.75573137070700676789e-06;
  p = p * z - 1.98412698298579493134e-04;
  p = p * z + 8.33333333332248946124e-03;
  p = p * z - 1.66666666666666324348e-01;
  double8 s = x + x * (z * p);
  double8 q = -1.13596475577881948265e-11 + (double8){0};
  q = q * z + 2.08757232129817482790e-09;
  q = q * z - 2.75573143513906633035e-07;
  q = q * z + 2.48015872894767294178e-05;
  q = q * z - 1.38888888888741095749e-03;
  q = q * z + 4.16666666666666019037e-02;
  double8 c = 1.0 - (0.5 * z - z * (z * q));
  // Odd quadrants exchange the two; the second and third turn the sine's sign, the first and second the cosine's.
  word8 exchanged = (word8)((quadrant & 1) != 0);
  word8 sine_bits = (as_word(c) & exchanged) | (as_word(s) & ~exchanged);
  word8 cosine_bits = (as_word(s) & exchanged) | (as_word(c) & ~exchanged);
  *sine = as_double(sine_bits ^ ((quadrant & 2) << 62));
  *cosine = as_double(cosine_bits ^ (((quadrant + 1) & 2) << 62));
}

// Box and Muller (1958), doi:10.1214/aoms/1177706645: sqrt(-2 log u) (cos, sin)(2 pi v), u and v on a grid of
// 2^-53.
INLINE void box_muller(word8 first, word8 second, double8 *even, double8 *odd) {
  double8 grid = __builtin_convertvector(first >> 11, double8);
  // The one grid point on the border moves half a step inwards.
  double8 u = __builtin_elementwise_max(grid, (double8){0} + 0.5) * 0x1p-53;
  double8 radius = __builtin_elementwise_sqrt(-2.0 * logarithm(u));
  word8 angle = second >> 11;
  word8 quadrant = (angle + (1ULL << 50)) >> 51;
  word8 rest = angle - (quadrant << 51);
  double8 r = (as_double(rest + 0x4338000000000000ULL) - 0x1.8p52) * 0x1p-51;
  double8 sine, cosine;
  sine_and_cosine(quadrant, r, &sine, &cosine);
  *even = radius * cosine;
  *odd = radius * sine;
}

// Blocks `block`, `block` + 1, ... of a stream: ten rounds of Philox (Salmon et al., 2011,
// doi:10.1145/2063384.2063405).
INLINE void philox(uint64_t seed, uint64_t stream, uint64_t block, word8 *first, word8 *second) {
  const word8 low = (word8){0} + 0xffffffffULL;
  word8 index = block + (word8){0, 1, 2, 3, 4, 5, 6, 7};
  word8 c0 = index & low, c1 = index >> 32;
  word8 c2 = (word8){0} + (uint64_t)(uint32_t)stream, c3 = (word8){0} + (uint64_t)(stream >> 32);
  uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
  for (int round = 0; round < 10; round++) {
    word8 a = (c0 & low) * 0xD2511F53ULL, b = (c2 & low) * 0xCD9E8D57ULL;
    c0 = (b >> 32) ^ c1 ^ (uint64_t)k0;
    c2 = (a >> 32) ^ c3 ^ (uint64_t)k1;
    c1 = b & low;
    c3 = a & low;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  *first = (c0 & low) | (c1 << 32);
  *second = (c2 & low) | (c3 << 32);
}

CLONED
void normal_fill(uint64_t seed, uint64_t first_stream, uint64_t first_block, size_t rows, size_t columns,
                 size_t stride, double *deviates) {
  for (size_t row = 0; row < rows; row++) {
    double *target = deviates + row * stride;
    uint64_t block = first_block;
    for (size_t column = 0; column < columns; column += 2 * LANES, block += LANES) {
      word8 first, second;
      double8 even, odd;
      philox(seed, first_stream + row, block, &first, &second);
      box_muller(first, second, &even, &odd);
      double8 pairs[2] = {
          __builtin_shufflevector(even, odd, 0, 8, 1, 9, 2, 10, 3, 11),
          __builtin_shufflevector(even, odd, 4, 12, 5, 13, 6, 14, 7, 15),
      };
      size_t count = columns - column < 2 * LANES ? columns - column : 2 * LANES;
      memcpy(target + column, pairs, count * sizeof(double));
    }
  }
}

CLONED
void normal_pair(uint64_t first_word, uint64_t second_word, double pair[2]) {
  double8 even, odd;
  box_muller((word8){0} + first_word, (word8){0} + second_word, &even, &odd);
  pair[0] = even[0];
  pair[1] = odd[0];
}
