// The extended control register XCR0 and the places of its components in an XSAVE area (Intel SDM vol. 1, "Managing State
// Using the XSAVE Feature Set").
import type { Cpu } from './cpu';
import { hasFeature } from './models';

export const XCR0_X87 = 1n,
  XCR0_SSE = 2n,
  XCR0_AVX = 4n;

/** The upper halves of the YMM registers, in both formats. */
export const AVX_AT = 576;
export const AVX_BYTES = 16 * 16;

/** The bits that XCR0 can have. */
export const xcr0Bits = (cpu: Cpu): bigint => XCR0_X87 | XCR0_SSE | (hasFeature(cpu, 'avx') ? XCR0_AVX : 0n);

/** Bytes of an area for these components. */
export const areaBytes = (components: bigint): number => AVX_AT + ((components & XCR0_AVX) !== 0n ? AVX_BYTES : 0);
