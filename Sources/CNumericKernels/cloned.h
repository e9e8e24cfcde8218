#pragma once

// A function compiled for several instruction sets, of which one is chosen when the program loads.
// The choice is made before the thread sanitizer is ready to be called.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define CLONED
#endif
#endif
#if defined(CLONED)
#elif defined(__x86_64__)
#define CLONED __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define CLONED
#endif
