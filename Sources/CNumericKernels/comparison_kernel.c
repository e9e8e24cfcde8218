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

INLINE double8 magnitude(double8 v) { return __builtin_elementwise_abs(v); }

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
  double8 difference, target, logs;
} spectral_sums;

// Bins beyond the end have the floor in both powers: they count in the target alone, which `present` keeps out.
INLINE void compare(double8 predicted, double8 wanted, double8 present, spectral_sums *sums) {
  double8 difference = __builtin_elementwise_sqrt(predicted) - __builtin_elementwise_sqrt(wanted);
  sums->difference += difference * difference;
  sums->target += wanted * present;
  sums->logs += magnitude(logarithm(predicted / wanted));
}

CLONED
void comparison_spectra(const double *predicted_left, const double *predicted_right, const double *wanted_left,
                        const double *wanted_right, size_t bins, double floor, double sums[12]) {
  spectral_sums channels[4] = {0};
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
    sums[3 * channel] += sum(channels[channel].difference);
    sums[3 * channel + 1] += sum(channels[channel].target);
    sums[3 * channel + 2] += sum(channels[channel].logs);
  }
}

// MARK: - Averages

CLONED
void comparison_averages(const double *predicted, const double *wanted, size_t count, double floor,
                         double short_coefficient, double long_coefficient, double *short_ratios,
                         double *long_ratios) {
  // Prediction short and long of both channels, then the target's: the recursions wait for themselves, so all eight
  // go at once.
  double s = short_coefficient, l = long_coefficient;
  double8 coefficients = {s, s, l, l, s, s, l, l}, state = {0};
  for (size_t index = 0; index < count; index++) {
    double p0 = predicted[index], p1 = predicted[count + index], w0 = wanted[index], w1 = wanted[count + index];
    double8 samples = {p0, p1, p0, p1, w0, w1, w0, w1};
    double8 powers = __builtin_elementwise_max(samples * samples, (double8){0} + floor);
    state += coefficients * (powers - state);
    short_ratios[index] = state[0] / state[4];
    short_ratios[count + index] = state[1] / state[5];
    long_ratios[index] = state[2] / state[6];
    long_ratios[count + index] = state[3] / state[7];
  }
}

CLONED
double comparison_log_ratios(const double *first, const double *second, size_t count) {
  double8 total = {0};
  size_t whole = count - count % LANES;
  for (size_t index = 0; index < whole; index += LANES) {
    total += magnitude(logarithm(load(first + index) / load(second + index)));
  }
  if (whole < count) {
    double8 a = (double8){0} + 1.0, b = a;
    for (size_t lane = 0; whole + lane < count; lane++) {
      a[lane] = first[whole + lane];
      b[lane] = second[whole + lane];
    }
    total += magnitude(logarithm(a / b));
  }
  return sum(total);
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
