#pragma once
#include <dlfcn.h>
#include <dnnl.h>

#include "neural_status.h"

// What both files that call oneDNN share. Their first line is `#define _GNU_SOURCE`, for RTLD_DEFAULT.

static neural_status status_of(dnnl_status_t status) {
  switch (status) {
    case dnnl_success: return NEURAL_OK;
    case dnnl_out_of_memory: return NEURAL_NO_MEMORY;
    case dnnl_unimplemented: return NEURAL_UNSUPPORTED;
    default: return NEURAL_FAILED;
  }
}

// oneDNN takes the number of threads from OpenMP, per calling thread. The functions are looked up, since a oneDNN that was
// built without OpenMP has no use for them.
typedef struct {
  void (*set)(int);
  int (*get)(void);
} openmp;

static int begin_alone(openmp *functions) {
  functions->set = (void (*)(int))dlsym(RTLD_DEFAULT, "omp_set_num_threads");
  functions->get = (int (*)(void))dlsym(RTLD_DEFAULT, "omp_get_max_threads");
  int threads = functions->get ? functions->get() : 1;
  if (functions->set) functions->set(1);
  return threads;
}

static void end_alone(const openmp *functions, int threads) {
  if (functions->set) functions->set(threads);
}

#define ALONE(expression)                  \
  openmp functions;                        \
  int threads = begin_alone(&functions);   \
  dnnl_status_t status = (expression);     \
  end_alone(&functions, threads);          \
  return status_of(status)
