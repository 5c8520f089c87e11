/*
 * sha256_x86: the compression function of SHA-256 by the instructions that x86 processors have for
 * it, several times as fast as C. The C library knows the processor: there is nothing to set up.
 */
#ifndef BASE_SHA256_X86_H
#define BASE_SHA256_X86_H

#include <stdbool.h>
#include <stdint.h>

/* Adds a block to the state. False, and nothing done, where there are no such instructions. */
bool sha256_x86(uint32_t state[8], const uint8_t block[64], const uint32_t constants[64]);

#endif
