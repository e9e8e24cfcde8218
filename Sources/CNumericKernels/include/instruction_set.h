#pragma once

// What the processor offers to the kernels that are compiled for several instruction sets.

// 4 for x86-64-v4 (AVX-512), 3 for x86-64-v3 (AVX2, FMA), 1 for the baseline, 0 for another architecture.
int priorkit_instruction_level(void);
