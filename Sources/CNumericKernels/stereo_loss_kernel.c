#include "stereo_loss_kernel.h"

#include <math.h>

#include "vectors.h"

// Where the partner of a sample `shift` samples ahead lies in the channels laid end to end, the shift less than the
// channels that it has gone through: the sample, and whether in the other channel. So many samples behind is the rest
// of a channel ahead, in the channel after.
INLINED size_t partner(size_t n, size_t count, size_t shift, int crossed, int *other) {
  size_t position = n + shift;
  *other = position < count ? crossed : !crossed;
  return position < count ? position : position - count;
}

#define T float
#define V float16
#define RECORD float8
#define LANES 16
#define P f32
#include "complex_lanes.inc"
#include "stereo_loss.inc"
#undef T
#undef V
#undef RECORD
#undef LANES
#undef P
#undef C
#undef F

#define T double
#define V double8
#define RECORD double8
#define LANES 8
#define P f64
#include "complex_lanes.inc"
#include "stereo_loss.inc"
