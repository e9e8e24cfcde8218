#pragma once
#include <stddef.h>

// Passes over rows of data that feed sums of squares and products. Compiled for several instruction sets; sums of
// a column are added in the order of the rows on each of them, so that the results are the same.

// sums[column] += sum over rows of (row[column] - shift[column]).
void moments_sum(const double *rows, size_t count, size_t dimension, const double *shift, double *sums);

// Replaces row i by root_weights[i] (row i - shift), or by row i - shift where root_weights is null. Adds the
// weighted differences from the shift to sums, with weight root_weights[i]^2, and widens minima and maxima to hold
// the rows.
void moments_centre(double *rows, size_t count, size_t dimension, const double *shift, const double *root_weights,
                    double *sums, double *minima, double *maxima);

// Subtracts `shift` from each row.
void moments_subtract(double *rows, size_t count, size_t dimension, const double *shift);

// Adds `shift` to each row.
void moments_add(double *rows, size_t count, size_t dimension, const double *shift);

// norms[i] = sum of squares of row i.
void moments_square_norms(const double *rows, size_t count, size_t dimension, double *norms);
