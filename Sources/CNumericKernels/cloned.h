#pragma once

// A function compiled for several instruction sets, of which one is chosen when the program loads.
#if defined(__x86_64__)
#define CLONED __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define CLONED
#endif
