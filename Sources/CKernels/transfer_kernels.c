#include "transfer_kernels.h"

#include "vectors.h"

#define T float
#define V float8
#define P f32
#include "complex_lanes.inc"
#include "echoes.inc"
#include "tone.inc"
#include "network.inc"
#undef T
#undef V
#undef P
#undef C
#undef F

#define T double
#define V double8
#define P f64
#include "complex_lanes.inc"
#include "echoes.inc"
#include "tone.inc"
#include "network.inc"
