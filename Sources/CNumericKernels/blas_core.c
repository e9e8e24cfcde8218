#include "blas_core.h"

#include <stddef.h>
#include <string.h>

// Cores without AVX2 and FMA, as OpenBLAS names them.
static const char *const slow_cores[] = {
    "Katmai",     "Coppermine", "Northwood", "Prescott",    "Banias",       "Atom",      "Core2",
    "Penryn",     "Dunnington", "Nehalem",   "Sandybridge", "Athlon",       "Opteron",   "Opteron_SSE3",
    "Barcelona",  "Bobcat",     "Nano",      "Bulldozer",   "Piledriver",   "Steamroller",
};

const char *priorkit_better_blas_core(const char *core, int instruction_level) {
  if (instruction_level < 3) return NULL;
  for (size_t i = 0; i < sizeof slow_cores / sizeof *slow_cores; i++) {
    if (strcmp(core, slow_cores[i]) == 0) return instruction_level >= 4 ? "SkylakeX" : "Haswell";
  }
  return NULL;
}
