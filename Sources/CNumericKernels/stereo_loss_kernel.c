#include "stereo_loss_kernel.h"

#include <math.h>

#include "vectors.h"

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
