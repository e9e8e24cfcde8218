#include "signal_kernels.h"

#include "../CNumericKernels/vectors.h"

#define DYNAMICS_BLOCK 1024
#define DECIBELS_PER_NEPER 4.342944819032518   /* of a power */
#define NEPERS_PER_DECIBEL 0.11512925464970229 /* of an amplitude */
#define SMALLEST_POWER 1e-8
// Averages below it (-370 dB; after a handful of samples of a coefficient near 0) count as constant: the smallest that
// both precisions hold as a normal number.
#define SMALLEST_ENERGY 1e-37

#define T float
#define V float16
#define LANES 16
#define RECORD8 float8
#define RECORD4 float4
#define P f32
#include "cascade.inc"
#include "dynamics.inc"
#include "spectra.inc"
#undef T
#undef V
#undef LANES
#undef RECORD8
#undef RECORD4
#undef P

#define T double
#define V double8
#define LANES 8
#define RECORD8 double8
#define RECORD4 double4
#define P f64
#include "cascade.inc"
#include "dynamics.inc"
#include "spectra.inc"
