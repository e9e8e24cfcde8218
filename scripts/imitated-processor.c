// Linked into the tests by scripts/test-machines, in the place of what the compiler's library knows of the processor:
// functions that are compiled for several instruction sets then take the version for LEVEL (1, 3 or 4 of the x86-64 ABI).
// The names and the bits are those that compilers use between them (GCC's cpuinfo.h).

struct {
  unsigned vendor, type, subtype, features;
} __cpu_model __attribute__((visibility("hidden")));

unsigned __cpu_features2[4] __attribute__((visibility("hidden")));

__attribute__((visibility("hidden"))) int __cpu_indicator_init(void) {
  __cpu_features2[2] = (LEVEL >= 3 ? 1u << 1 : 0) | (LEVEL >= 4 ? 1u << 2 : 0);
  return 0;
}
