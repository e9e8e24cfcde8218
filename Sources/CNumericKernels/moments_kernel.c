#include "moments_kernel.h"

#include "cloned.h"

#pragma STDC FP_CONTRACT OFF

CLONED
void moments_sum(const double *restrict rows, size_t count, size_t dimension, const double *restrict shift,
                 double *restrict sums) {
  for (size_t i = 0; i < count; i++) {
    const double *row = rows + i * dimension;
    for (size_t k = 0; k < dimension; k++) sums[k] += row[k] - shift[k];
  }
}

CLONED
void moments_centre(double *restrict rows, size_t count, size_t dimension, const double *restrict shift,
                    const double *restrict root_weights, double *restrict sums, double *restrict minima,
                    double *restrict maxima) {
  for (size_t i = 0; i < count; i++) {
    double *row = rows + i * dimension;
    const double root = root_weights ? root_weights[i] : 1.0;
    for (size_t k = 0; k < dimension; k++) {
      const double value = row[k], weighted = root * (value - shift[k]);
      minima[k] = value < minima[k] ? value : minima[k];
      maxima[k] = value > maxima[k] ? value : maxima[k];
      sums[k] += root * weighted;
      row[k] = weighted;
    }
  }
}

CLONED
void moments_subtract(double *restrict rows, size_t count, size_t dimension, const double *restrict shift) {
  for (size_t i = 0; i < count; i++) {
    double *row = rows + i * dimension;
    for (size_t k = 0; k < dimension; k++) row[k] -= shift[k];
  }
}

CLONED
void moments_add(double *restrict rows, size_t count, size_t dimension, const double *restrict shift) {
  for (size_t i = 0; i < count; i++) {
    double *row = rows + i * dimension;
    for (size_t k = 0; k < dimension; k++) row[k] += shift[k];
  }
}

// Eight partial sums, whose order is fixed, so that the compiler may use vectors without changing the result.
CLONED
void moments_square_norms(const double *restrict rows, size_t count, size_t dimension, double *restrict norms) {
  for (size_t i = 0; i < count; i++) {
    const double *row = rows + i * dimension;
    double partial[8] = {0};
    size_t k = 0;
    for (; k + 8 <= dimension; k += 8)
      for (int lane = 0; lane < 8; lane++) partial[lane] += row[k + lane] * row[k + lane];
    for (int lane = 0; k < dimension; k++, lane++) partial[lane] += row[k] * row[k];
    norms[i] = ((partial[0] + partial[4]) + (partial[1] + partial[5])) +
               ((partial[2] + partial[6]) + (partial[3] + partial[7]));
  }
}
