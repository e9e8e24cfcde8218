#include <stdlib.h>

// OpenBLAS, which NumericCore links.
extern void openblas_set_num_threads(int count) __attribute__((weak));

// Gives each call of the linear algebra library one thread, before any call is made.
//
// Everything here that is large is shared among threads by blocks, and the matrices themselves are small: the
// library's own threads would only come on top. The number cannot be changed later, around such work, because OpenBLAS
// then frees the buffers of calls that other threads are in the middle of. Users who set OPENBLAS_NUM_THREADS have
// their way.
__attribute__((constructor)) static void use_one_thread(void) {
  if (getenv("OPENBLAS_NUM_THREADS") == NULL && openblas_set_num_threads) openblas_set_num_threads(1);
}
