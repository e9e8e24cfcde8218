#pragma once

// The OpenBLAS kernels to ask for instead of those of `core`, on a processor of that instruction level (see
// instruction_set.h); null where those of `core` are right.
const char *priorkit_better_blas_core(const char *core, int instruction_level);
