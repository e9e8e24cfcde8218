#pragma once

// A function compiled for several instruction sets, of which one is chosen when the program loads.
// The choice is made before the thread sanitizer is ready to be called.
#if defined(__x86_64__) && !__has_feature(thread_sanitizer)
#define CLONED __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define CLONED
#endif
