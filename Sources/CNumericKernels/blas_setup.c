// Sets up the linear algebra library when the program is loaded, before any call is made: for commands, tests,
// benchmarks and whatever else links NumericCore.

#include <stdlib.h>
#include <string.h>

#include "blas_core.h"
#include "instruction_set.h"

// OpenBLAS, which NumericCore links. An OpenBLAS for one processor lacks the two in the middle, and another library
// may lack them all.
extern char *openblas_get_corename(void) __attribute__((weak));
extern void gotoblas_dynamic_init(void) __attribute__((weak));
extern void gotoblas_dynamic_quit(void) __attribute__((weak));
extern void openblas_set_num_threads(int count) __attribute__((weak));

// Chooses the kernels that are made for this processor.
//
// A version of OpenBLAS that is older than the processor does not know it and may fall back to the kernels of its
// oldest ancestor: Debian's 0.3.21 takes those of Prescott, of 2004, on some Xeons, at a fifth of the speed. It has
// chosen when it was loaded, which is before this runs. To quit forgets that choice and nothing else, and to
// initialise then chooses again, by the environment variable; nothing that depends on the choice is kept elsewhere.
// The environment is as before when this returns.
static void choose_core(void) {
  static const char *const variable = "OPENBLAS_CORETYPE";
  if (!openblas_get_corename || !gotoblas_dynamic_init || !gotoblas_dynamic_quit) return;
  const char *asked = getenv(variable);
  const char *policy = getenv("PRIORKIT_BLAS_CORE");
  // An empty name asks for nothing.
  if (asked && *asked && !(policy && strcmp(policy, "best") == 0)) return;
  const char *better = priorkit_better_blas_core(openblas_get_corename(), priorkit_instruction_level());
  if (!better) return;

  char *before = asked ? strdup(asked) : NULL;
  if ((asked && !before) || setenv(variable, better, 1) != 0) {
    free(before);
    return;
  }
  gotoblas_dynamic_quit();
  gotoblas_dynamic_init();
  if (before) {
    setenv(variable, before, 1);
  } else {
    unsetenv(variable);
  }
  free(before);
}

// Gives each call one thread.
//
// Everything here that is large is shared among threads by blocks, and the matrices themselves are small: the
// library's own threads would only come on top. The number cannot be changed later, around such work, because OpenBLAS
// then frees the buffers of calls that other threads are in the middle of. Users who set OPENBLAS_NUM_THREADS have
// their way.
static void use_one_thread(void) {
  if (getenv("OPENBLAS_NUM_THREADS") == NULL && openblas_set_num_threads) openblas_set_num_threads(1);
}

__attribute__((constructor)) static void set_up(void) {
  choose_core();
  use_one_thread();
}
