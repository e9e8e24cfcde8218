#pragma once
#include <stddef.h>
#include <stdint.h>

// Standard normal deviates from the counter-based generator Philox4x32-10, eight blocks at a time.
//
// Only additions, multiplications, divisions and square roots, none of them fused: each is rounded as IEEE 754
// says, so that the deviates are the same to the last bit on every instruction set.

// Fills `rows` rows of `columns` deviates, `stride` doubles apart: row i has the deviates of stream
// `first_stream + i`, from its block `first_block` on.
void normal_fill(uint64_t seed, uint64_t first_stream, uint64_t first_block, size_t rows, size_t columns,
                 size_t stride, double *deviates);

// The two deviates of the words of one block.
void normal_pair(uint64_t first_word, uint64_t second_word, double pair[2]);
