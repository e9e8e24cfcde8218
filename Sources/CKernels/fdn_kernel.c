#include "fdn_kernel.h"

#include "../CNumericKernels/vectors.h"

// Networks with another number of lines have loops of unknown length, which stay as they are.
#pragma clang diagnostic ignored "-Wpass-failed"
#define UNROLLED _Pragma("clang loop unroll(full)")

#define T float
#define V float16
#define LANES 16
#define P f32
#define NAME fdn_f32
#include "../CNumericKernels/complex_lanes.inc"
#include "fdn_kernel.inc"
#undef C
#undef F
#undef T
#undef V
#undef LANES
#undef P
#undef NAME

#define T double
#define V double8
#define LANES 8
#define P f64
#define NAME fdn_f64
#include "../CNumericKernels/complex_lanes.inc"
#include "fdn_kernel.inc"
