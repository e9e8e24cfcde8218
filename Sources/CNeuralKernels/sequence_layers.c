#define _GNU_SOURCE
#include "sequence_layers.h"

#include <math.h>
#include <string.h>

#include "dnnl_calls.h"

// MARK: - Products

neural_status sequence_product(int transposes_left, int transposes_right, int64_t rows, int64_t columns, int64_t inner,
                               const float *left, int64_t left_stride, const float *right, int64_t right_stride, int adds,
                               float *result, int64_t result_stride) {
  ALONE(dnnl_sgemm(transposes_left ? 'T' : 'N', transposes_right ? 'T' : 'N', rows, columns, inner, 1, left, left_stride, right,
                   right_stride, adds ? 1 : 0, result, result_stride));
}

// MARK: - Batch normalisation

void sequence_moments(const float *values, sequence_shape s, int64_t first, int64_t count, double *means, double *variances) {
  const double size = (double)(s.samples * s.steps);
  double sums[SEQUENCE_STRETCH] = {0}, squares[SEQUENCE_STRETCH] = {0};
  for (int64_t sample = 0; sample < s.samples; sample++) {
    const float *row = values + sample * s.rows * s.channels + first;
    for (int64_t step = 0; step < s.steps; step++, row += s.channels)
      for (int64_t c = 0; c < count; c++) sums[c] += row[c];
  }
  for (int64_t c = 0; c < count; c++) means[c] = sums[c] / size;
  for (int64_t sample = 0; sample < s.samples; sample++) {
    const float *row = values + sample * s.rows * s.channels + first;
    for (int64_t step = 0; step < s.steps; step++, row += s.channels)
      for (int64_t c = 0; c < count; c++) {
        double difference = row[c] - means[c];
        squares[c] += difference * difference;
      }
  }
  for (int64_t c = 0; c < count; c++) variances[c] = squares[c] / size;
}

void sequence_normalise(const float *values, sequence_shape s, int64_t first, int64_t count, const float *means,
                        const float *scales, const float *shifts, float *next) {
  const int64_t used = s.steps < s.next_rows ? s.steps : s.next_rows;
  for (int64_t sample = 0; sample < s.samples; sample++) {
    const float *row = values + sample * s.rows * s.channels + first;
    float *target = next + sample * s.next_rows * s.channels + first;
    for (int64_t step = 0; step < used; step++, row += s.channels, target += s.channels)
      for (int64_t c = 0; c < count; c++) {
        float value = (row[c] - means[c]) * scales[c] + shifts[c];
        target[c] = value < 0 ? 0 : value;
      }
    for (int64_t step = used; step < s.next_rows; step++, target += s.channels) memset(target, 0, (size_t)count * sizeof *target);
  }
}

void sequence_normalise_adjoint(const float *values, sequence_shape s, int64_t first, int64_t count, const double *means,
                                const double *inverse_deviations, const float *gains, const float *next,
                                const float *next_cotangent, float *cotangent, float *gain_gradient, float *offset_gradient,
                                float *bias_gradient) {
  const int64_t used = s.steps < s.next_rows ? s.steps : s.next_rows;
  const double size = (double)(s.samples * s.steps);
  double along[SEQUENCE_STRETCH] = {0}, total[SEQUENCE_STRETCH] = {0}, biases[SEQUENCE_STRETCH] = {0};
  // g is the cotangent after the ReLU; what the next layer does not use has none.
  for (int64_t sample = 0; sample < s.samples; sample++) {
    const float *row = values + sample * s.rows * s.channels + first;
    const int64_t start = sample * s.next_rows * s.channels + first;
    for (int64_t step = 0; step < used; step++, row += s.channels) {
      const float *output = next + start + step * s.channels, *g = next_cotangent + start + step * s.channels;
      for (int64_t c = 0; c < count; c++) {
        double masked = output[c] > 0 ? g[c] : 0;
        total[c] += masked;
        along[c] += masked * (row[c] - means[c]) * inverse_deviations[c];
      }
    }
  }
  for (int64_t sample = 0; sample < s.samples; sample++) {
    const int64_t own = sample * s.rows * s.channels + first, start = sample * s.next_rows * s.channels + first;
    for (int64_t step = 0; step < s.steps; step++) {
      const float *row = values + own + step * s.channels;
      const float *output = next + start + step * s.channels, *g = next_cotangent + start + step * s.channels;
      float *target = cotangent + own + step * s.channels;
      for (int64_t c = 0; c < count; c++) {
        double masked = step < used && output[c] > 0 ? g[c] : 0;
        double unit = (row[c] - means[c]) * inverse_deviations[c];
        target[c] = (float)(gains[c] * inverse_deviations[c] * (masked - total[c] / size - unit * along[c] / size));
        biases[c] += target[c];
      }
    }
  }
  for (int64_t c = 0; c < count; c++) {
    gain_gradient[c] = (float)along[c];
    offset_gradient[c] = (float)total[c];
    bias_gradient[c] = (float)biases[c];
  }
}

// MARK: - Maximum over time

void sequence_maximum(const float *values, int64_t samples, int64_t steps, int64_t channels, float *maxima, int32_t *places) {
  for (int64_t sample = 0; sample < samples; sample++, maxima += channels, places += channels) {
    const float *row = values + sample * steps * channels;
    memcpy(maxima, row, (size_t)channels * sizeof *row);
    memset(places, 0, (size_t)channels * sizeof *places);
    for (int64_t step = 1; step < steps; step++) {
      row += channels;
      for (int64_t c = 0; c < channels; c++) {
        // The first NaN is the greatest.
        if (maxima[c] >= row[c] || maxima[c] != maxima[c]) continue;
        maxima[c] = row[c];
        places[c] = (int32_t)step;
      }
    }
  }
}

void sequence_maximum_adjoint(const float *maxima_cotangent, const int32_t *places, int64_t samples, int64_t steps,
                              int64_t channels, float *cotangent) {
  memset(cotangent, 0, (size_t)(samples * steps * channels) * sizeof *cotangent);
  for (int64_t sample = 0; sample < samples; sample++)
    for (int64_t c = 0; c < channels; c++) {
      const int64_t index = sample * channels + c;
      cotangent[(sample * steps + places[index]) * channels + c] = maxima_cotangent[index];
    }
}

void sequence_sums(const float *values, int64_t rows, int64_t channels, float *sums) {
  for (int64_t first = 0; first < channels; first += SEQUENCE_STRETCH) {
    const int64_t count = channels - first < SEQUENCE_STRETCH ? channels - first : SEQUENCE_STRETCH;
    double totals[SEQUENCE_STRETCH] = {0};
    for (int64_t row = 0; row < rows; row++)
      for (int64_t c = 0; c < count; c++) totals[c] += values[row * channels + first + c];
    for (int64_t c = 0; c < count; c++) sums[first + c] = (float)totals[c];
  }
}

// MARK: - AdamW

void sequence_adamw_step(sequence_adamw settings, int64_t count, const float *gradient, float *values, float *first_moments,
                         float *second_moments) {
  const float kept = (float)(1 - settings.learning_rate * settings.weight_decay);
  const float first_share = (float)(1 - settings.first_decay);
  const float second_kept = (float)settings.second_decay, second_share = (float)(1 - settings.second_decay);
  const float step = (float)(settings.learning_rate / (1 - pow(settings.first_decay, (double)settings.step)));
  const float root = (float)sqrt(1 - pow(settings.second_decay, (double)settings.step)), epsilon = (float)settings.epsilon;
  for (int64_t k = 0; k < count; k++) {
    const float g = gradient[k];
    first_moments[k] += (g - first_moments[k]) * first_share;
    second_moments[k] = second_moments[k] * second_kept + second_share * g * g;
    values[k] = values[k] * kept - step * first_moments[k] / (sqrtf(second_moments[k]) / root + epsilon);
  }
}
