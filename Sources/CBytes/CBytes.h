#pragma once
#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#endif

/// How many of the sixteen bytes at `bytes` come before the first that is a quote, a backslash, a control character or beyond ASCII: 0 to 16.
///
/// In C because Swift's vectors have no instruction that makes a mask of bits, without which they are slower than single bytes.
static inline unsigned plain_bytes_of_16(const uint8_t *bytes) {
#if defined(__SSE2__)
    __m128i block = _mm_loadu_si128((const __m128i *)bytes);
    // With a sign, bytes beyond ASCII are below the control characters.
    __m128i marks = _mm_or_si128(
        _mm_or_si128(_mm_cmpeq_epi8(block, _mm_set1_epi8('"')), _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'))),
        _mm_cmplt_epi8(block, _mm_set1_epi8(0x20))
    );
    return (unsigned)__builtin_ctz((unsigned)_mm_movemask_epi8(marks) | 0x10000);
#elif defined(__ARM_NEON)
    uint8x16_t block = vld1q_u8(bytes);
    uint8x16_t marks = vorrq_u8(
        vorrq_u8(vceqq_u8(block, vdupq_n_u8('"')), vceqq_u8(block, vdupq_n_u8('\\'))),
        vcltq_s8(vreinterpretq_s8_u8(block), vdupq_n_s8(0x20))
    );
    // Four bits for each byte.
    uint64_t mask = vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(marks), 4)), 0);
    return mask == 0 ? 16 : (unsigned)__builtin_ctzll(mask) >> 2;
#else
    unsigned count = 0;
    while (count < 16 && bytes[count] >= 0x20 && bytes[count] < 0x80 && bytes[count] != '"' && bytes[count] != '\\') {
        count += 1;
    }
    return count;
#endif
}
