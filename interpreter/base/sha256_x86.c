#include "base/sha256_x86.h"

#if defined(__x86_64__) && __has_include(<sys/platform/x86.h>)

#include <immintrin.h>
#include <sys/platform/x86.h>

#define INSTRUCTIONS __attribute__((target("sha,sse4.1")))

/* Four words, as they stand in memory. */
INSTRUCTIONS static __m128i load(const void *words)
{
	return _mm_loadu_si128(words);
}

/* The next four words of the schedule, from the last sixteen; w[at] are the oldest four. */
INSTRUCTIONS static __m128i next_words(const __m128i w[4], unsigned at)
{
	__m128i oldest = w[at], second = w[(at + 1) % 4], third = w[(at + 2) % 4];
	__m128i latest = w[(at + 3) % 4];
	__m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(oldest, second),
				    _mm_alignr_epi8(latest, third, 4));

	return _mm_sha256msg2_epu32(sum, latest);
}

/* The instructions want a, b, e, f and c, d, g, h side by side, and do two rounds. */
INSTRUCTIONS static void compress(uint32_t state[8], const uint8_t block[64],
				  const uint32_t constants[64])
{
	const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
	__m128i cdab = _mm_shuffle_epi32(load(state), 0xb1);
	__m128i efgh = _mm_shuffle_epi32(load(state + 4), 0x1b);
	__m128i abef = _mm_alignr_epi8(cdab, efgh, 8);
	__m128i cdgh = _mm_blend_epi16(efgh, cdab, 0xf0);
	__m128i abef_before = abef, cdgh_before = cdgh;
	__m128i w[4], feba, dchg;

	for (unsigned i = 0; i < 16; i++) {
		__m128i words;

		w[i % 4] = i < 4 ? _mm_shuffle_epi8(load(block + (size_t)16 * i), big_endian)
				 : next_words(w, i % 4);
		words = _mm_add_epi32(w[i % 4], load(constants + (size_t)4 * i));
		cdgh = _mm_sha256rnds2_epu32(cdgh, abef, words);
		abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(words, 0x0e));
	}
	feba = _mm_shuffle_epi32(_mm_add_epi32(abef, abef_before), 0x1b);
	dchg = _mm_shuffle_epi32(_mm_add_epi32(cdgh, cdgh_before), 0xb1);
	_mm_storeu_si128((__m128i *)(void *)state, _mm_blend_epi16(feba, dchg, 0xf0));
	_mm_storeu_si128((__m128i *)(void *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

bool sha256_x86(uint32_t state[8], const uint8_t block[64], const uint32_t constants[64])
{
	if (!CPU_FEATURE_ACTIVE(SHA) || !CPU_FEATURE_ACTIVE(SSE4_1))
		return false;
	compress(state, block, constants);
	return true;
}

#else

bool sha256_x86(uint32_t state[8], const uint8_t block[64], const uint32_t constants[64])
{
	(void)state, (void)block, (void)constants;
	return false;
}

#endif
