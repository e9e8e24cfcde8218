#include "comparison_kernel.h"

#include "cloned.h"
#include "logarithm.h"

INLINE double8 load(const double *values) {
  double8 vector;
  memcpy(&vector, values, sizeof vector);
  return vector;
}

INLINE double sum(double8 v) {
  return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
}

// MARK: - Sums of logarithms

// Products of the greater and of the lesser of two numbers: mantissas, and the difference of their exponents.
typedef struct {
  double8 greater, lesser;
  word8 exponent;
} products8;

// |log a - log b| is the logarithm of max(a, b) / min(a, b): the sum over many needs one logarithm of two products.
// The exponents are taken out at every factor, so that a product is as large as a factor at most.
INLINE void multiply(products8 *products, double8 first, double8 second) {
  word8 fraction = (word8){0} + 0x000fffffffffffffULL, one = (word8){0} + 0x3ff0000000000000ULL;
  word8 greater = as_word(products->greater * __builtin_elementwise_max(first, second));
  word8 lesser = as_word(products->lesser * __builtin_elementwise_min(first, second));
  products->exponent += (greater >> 52) - (lesser >> 52);
  products->greater = as_double((greater & fraction) | one);
  products->lesser = as_double((lesser & fraction) | one);
}

INLINE products8 loaded_products(const comparison_products *stored) {
  products8 products;
  products.greater = 1.0 + load(stored->greater);
  products.lesser = 1.0 + load(stored->lesser);
  memcpy(&products.exponent, stored->exponent, sizeof products.exponent);
  return products;
}

// Less 1, so that products of nothing are all zeros. Mantissas lie in [1, 2): the difference is exact.
INLINE void store_products(const products8 *products, comparison_products *stored) {
  double8 greater = products->greater - 1.0, lesser = products->lesser - 1.0;
  memcpy(stored->greater, &greater, sizeof greater);
  memcpy(stored->lesser, &lesser, sizeof lesser);
  memcpy(stored->exponent, &products->exponent, sizeof products->exponent);
}

double comparison_log_sum(const comparison_products *stored) {
  products8 products = loaded_products(stored);
  double8 mantissas = logarithm(products.greater / products.lesser), total;
  for (size_t lane = 0; lane < LANES; lane++) {
    total[lane] = (double)stored->exponent[lane] * 0x1.62e42fefa39efp-1 + mantissas[lane];
  }
  return sum(total);
}

// MARK: - Spectra

typedef struct {
  double8 real, imaginary;
} complex8;

// The next bins of a spectrum; those beyond its end are 0.
INLINE complex8 bins_at(const double *spectrum, size_t bin, size_t bins) {
  double8 low = {0}, high = {0};
  size_t rest = bins - bin;
  if (rest >= LANES) {
    low = load(spectrum + 2 * bin);
    high = load(spectrum + 2 * bin + LANES);
  } else {
    double padded[2 * LANES] = {0};
    memcpy(padded, spectrum + 2 * bin, 2 * rest * sizeof(double));
    low = load(padded);
    high = load(padded + LANES);
  }
  return (complex8){
      __builtin_shufflevector(low, high, 0, 2, 4, 6, 8, 10, 12, 14),
      __builtin_shufflevector(low, high, 1, 3, 5, 7, 9, 11, 13, 15),
  };
}

INLINE double8 power(complex8 z, double floor) {
  return __builtin_elementwise_max(z.real * z.real + z.imaginary * z.imaginary, (double8){0} + floor);
}

INLINE complex8 added(complex8 a, complex8 b) { return (complex8){a.real + b.real, a.imaginary + b.imaginary}; }

INLINE complex8 subtracted(complex8 a, complex8 b) {
  return (complex8){a.real - b.real, a.imaginary - b.imaginary};
}

typedef struct {
  double8 difference, target;
  products8 products;
} spectral_sums;

// Bins beyond the end have the floor in both powers: they count in the target alone, which `present` keeps out.
INLINE void compare(double8 predicted, double8 wanted, double8 present, spectral_sums *sums) {
  // (|P| - |Q|)^2 = (p - q)^2 / (p + q + 2 sqrt(p q)), p = |P|^2 and q = |Q|^2: one square root in place of two.
  double8 difference = predicted - wanted;
  double8 roots = predicted + wanted + 2.0 * __builtin_elementwise_sqrt(predicted * wanted);
  sums->difference += difference * difference / roots;
  sums->target += wanted * present;
  multiply(&sums->products, predicted, wanted);
}

CLONED
void comparison_spectra(const double *predicted_left, const double *predicted_right, const double *wanted_left,
                        const double *wanted_right, size_t bins, double floor, spectral_comparison *comparison) {
  spectral_sums channels[4];
  for (size_t channel = 0; channel < 4; channel++) {
    channels[channel] = (spectral_sums){load(comparison->difference[channel]), load(comparison->target[channel]),
                                        loaded_products(&comparison->products[channel])};
  }
  for (size_t bin = 0; bin < bins; bin += LANES) {
    double8 present;
    for (size_t lane = 0; lane < LANES; lane++) present[lane] = bin + lane < bins;
    complex8 pl = bins_at(predicted_left, bin, bins), pr = bins_at(predicted_right, bin, bins);
    complex8 wl = bins_at(wanted_left, bin, bins), wr = bins_at(wanted_right, bin, bins);
    compare(power(pl, floor), power(wl, floor), present, &channels[0]);
    compare(power(pr, floor), power(wr, floor), present, &channels[1]);
    compare(power(added(pl, pr), floor), power(added(wl, wr), floor), present, &channels[2]);
    compare(power(subtracted(pl, pr), floor), power(subtracted(wl, wr), floor), present, &channels[3]);
  }
  for (size_t channel = 0; channel < 4; channel++) {
    memcpy(comparison->difference[channel], &channels[channel].difference, sizeof(double8));
    memcpy(comparison->target[channel], &channels[channel].target, sizeof(double8));
    store_products(&channels[channel].products, &comparison->products[channel]);
  }
}

void comparison_spectral_sums(const spectral_comparison *comparison, double sums[12]) {
  for (size_t channel = 0; channel < 4; channel++) {
    sums[3 * channel] = sum(load(comparison->difference[channel]));
    sums[3 * channel + 1] = sum(load(comparison->target[channel]));
    sums[3 * channel + 2] = comparison_log_sum(&comparison->products[channel]);
  }
}

// MARK: - Averages

CLONED
void comparison_averages(const double *const inputs[4], size_t count, double floor, double short_coefficient,
                         double long_coefficient, double state[8], double *const ratios[4]) {
  // Prediction short and long of both channels, then the target's: the recursions wait for themselves, so all eight
  // go at once.
  double s = short_coefficient, l = long_coefficient;
  double8 coefficients = {s, s, l, l, s, s, l, l}, averages = load(state);
  const double *p0 = inputs[0], *p1 = inputs[1], *w0 = inputs[2], *w1 = inputs[3];
  double *short0 = ratios[0], *short1 = ratios[1], *long0 = ratios[2], *long1 = ratios[3];
  for (size_t i = 0; i < count; i++) {
    double8 samples = {p0[i], p1[i], p0[i], p1[i], w0[i], w1[i], w0[i], w1[i]};
    double8 powers = __builtin_elementwise_max(samples * samples, (double8){0} + floor);
    averages += coefficients * (powers - averages);
    short0[i] = averages[0] / averages[4];
    short1[i] = averages[1] / averages[5];
    long0[i] = averages[2] / averages[6];
    long1[i] = averages[3] / averages[7];
  }
  memcpy(state, &averages, sizeof averages);
}

CLONED
void comparison_log_ratios(const double *first, const double *second, size_t count, comparison_products *products) {
  products8 all = loaded_products(products);
  size_t whole = count - count % LANES;
  for (size_t index = 0; index < whole; index += LANES) multiply(&all, load(first + index), load(second + index));
  if (whole < count) {
    double8 a = (double8){0} + 1.0, b = a;
    for (size_t lane = 0; whole + lane < count; lane++) {
      a[lane] = first[whole + lane];
      b[lane] = second[whole + lane];
    }
    multiply(&all, a, b);
  }
  store_products(&all, products);
}

// MARK: - Filter

CLONED
void comparison_filter(const double *input, size_t count, const double *taps, size_t tap_count, double *output) {
  size_t index = 0;
  // Four vectors at a time, since the sum of each waits for itself.
  for (; index + 4 * LANES <= count; index += 4 * LANES) {
    double8 sums[4] = {0};
    for (size_t tap = 0; tap < tap_count; tap++) {
      for (size_t part = 0; part < 4; part++) sums[part] += taps[tap] * load(input + index + tap + part * LANES);
    }
    memcpy(output + index, sums, sizeof sums);
  }
  for (; index < count; index++) {
    double sum = 0;
    for (size_t tap = 0; tap < tap_count; tap++) sum += taps[tap] * input[index + tap];
    output[index] = sum;
  }
}
