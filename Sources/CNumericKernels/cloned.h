#pragma once

// A function compiled for several instruction sets, of which one is chosen when the program loads.
// PRIORKIT_KERNEL_LEVEL (1, 3 or 4) compiles one version alone, for scripts/test-instruction-sets.
#if defined(__x86_64__) && defined(PRIORKIT_KERNEL_LEVEL)
#if PRIORKIT_KERNEL_LEVEL == 4
#define CLONED __attribute__((target("arch=x86-64-v4")))
#elif PRIORKIT_KERNEL_LEVEL == 3
#define CLONED __attribute__((target("arch=x86-64-v3")))
#else
#define CLONED
#endif
#elif defined(__x86_64__)
#define CLONED __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define CLONED
#endif
