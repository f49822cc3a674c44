#ifndef CSHA256_H
#define CSHA256_H

#include <stdint.h>

/// 1 where this processor has instructions for the rounds of SHA-256.
int city_sha256_is_built_in(void);

/// Takes whole blocks of 64 bytes into the eight words of a hash by these instructions; `constants`
/// are the 64 of the standard. To be called only where they are built in.
void city_sha256_take(
  uint32_t *state, const uint32_t *constants, const uint8_t *blocks, long count);

#endif
