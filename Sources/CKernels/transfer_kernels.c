#include "transfer_kernels.h"

#include "../CNumericKernels/vectors.h"

#define T float
#define V float16
#define LANES 16
#define P f32
#include "../CNumericKernels/complex_lanes.inc"
#include "echoes.inc"
#include "sends.inc"
#undef T
#undef V
#undef LANES
#undef P
#undef C
#undef F

#define T double
#define V double8
#define LANES 8
#define P f64
#include "../CNumericKernels/complex_lanes.inc"
#include "echoes.inc"
#include "sends.inc"
