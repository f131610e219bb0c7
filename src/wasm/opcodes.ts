// WebAssembly opcodes by their textual names (WebAssembly Core Specification 2.0, "Binary Format: Instructions").
// Only what the engine emits. Vector instructions are numbers beyond 0xfd00: the prefix byte FD, then the rest as LEB128.

const OPCODES: Record<string, number> = {};

const sequence = (base: number, names: string): void => {
  names.split(' ').forEach((name, i) => {
    if (name !== '-') OPCODES[name] = base + i;
  });
};
const typed = (type: string, names: string): string =>
  names
    .split(' ')
    .map((n) => (n === '-' ? n : `${type}.${n}`))
    .join(' ');

const COMPARE = 'eqz eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u';
const ARITHMETIC = 'clz ctz popcnt add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr';
sequence(0x45, typed('i32', COMPARE));
sequence(0x50, typed('i64', COMPARE));
sequence(0x67, typed('i32', ARITHMETIC));
sequence(0x79, typed('i64', ARITHMETIC));
sequence(0x28, 'i32.load i64.load f32.load f64.load i32.load8_s i32.load8_u i32.load16_s i32.load16_u');
sequence(0x30, 'i64.load8_s i64.load8_u i64.load16_s i64.load16_u i64.load32_s i64.load32_u');
sequence(0x36, 'i32.store i64.store f32.store f64.store i32.store8 i32.store16 i64.store8 i64.store16 i64.store32');
sequence(0xa7, 'i32.wrap_i64');
sequence(0xac, 'i64.extend_i32_s i64.extend_i32_u');
sequence(0xc0, 'i32.extend8_s i32.extend16_s i64.extend8_s i64.extend16_s i64.extend32_s');

/** Added to the numbers of vector instructions. */
export const SIMD = 0xfd00;
const simd = (base: number, names: string): void => {
  sequence(SIMD + base, names);
};
const COMPARE_LANES = 'eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u';
const COMPARE_FLOATS = 'eq ne lt gt le ge';
simd(0, 'v128.load');
simd(11, 'v128.store v128.const i8x16.shuffle i8x16.swizzle i8x16.splat i16x8.splat i32x4.splat i64x2.splat');
simd(21, 'i8x16.extract_lane_s i8x16.extract_lane_u i8x16.replace_lane i16x8.extract_lane_s i16x8.extract_lane_u');
simd(26, 'i16x8.replace_lane i32x4.extract_lane i32x4.replace_lane i64x2.extract_lane i64x2.replace_lane');
simd(35, typed('i8x16', COMPARE_LANES));
simd(45, typed('i16x8', COMPARE_LANES));
simd(55, typed('i32x4', COMPARE_LANES));
simd(65, typed('f32x4', COMPARE_FLOATS));
simd(71, typed('f64x2', COMPARE_FLOATS));
simd(77, 'v128.not v128.and v128.andnot v128.or v128.xor v128.bitselect v128.any_true');
simd(92, 'v128.load32_zero v128.load64_zero f32x4.demote_f64x2_zero f64x2.promote_low_f32x4');
simd(96, typed('i8x16', 'abs neg popcnt all_true bitmask narrow_i16x8_s narrow_i16x8_u'));
simd(103, 'f32x4.ceil f32x4.floor f32x4.trunc f32x4.nearest');
simd(107, typed('i8x16', 'shl shr_s shr_u add add_sat_s add_sat_u sub sub_sat_s sub_sat_u'));
simd(116, 'f64x2.ceil f64x2.floor i8x16.min_s i8x16.min_u i8x16.max_s i8x16.max_u f64x2.trunc i8x16.avgr_u');
simd(124, 'i16x8.extadd_pairwise_i8x16_s i16x8.extadd_pairwise_i8x16_u');
simd(126, 'i32x4.extadd_pairwise_i16x8_s i32x4.extadd_pairwise_i16x8_u');
simd(128, typed('i16x8', 'abs neg q15mulr_sat_s all_true bitmask narrow_i32x4_s narrow_i32x4_u'));
simd(135, typed('i16x8', 'extend_low_i8x16_s extend_high_i8x16_s extend_low_i8x16_u extend_high_i8x16_u'));
simd(139, typed('i16x8', 'shl shr_s shr_u add add_sat_s add_sat_u sub sub_sat_s sub_sat_u'));
simd(148, 'f64x2.nearest i16x8.mul i16x8.min_s i16x8.min_u i16x8.max_s i16x8.max_u - i16x8.avgr_u');
simd(156, typed('i16x8', 'extmul_low_i8x16_s extmul_high_i8x16_s extmul_low_i8x16_u extmul_high_i8x16_u'));
simd(160, typed('i32x4', 'abs neg - all_true bitmask'));
simd(167, typed('i32x4', 'extend_low_i16x8_s extend_high_i16x8_s extend_low_i16x8_u extend_high_i16x8_u'));
simd(171, typed('i32x4', 'shl shr_s shr_u add - - sub - - - mul min_s min_u max_s max_u dot_i16x8_s'));
simd(188, typed('i32x4', 'extmul_low_i16x8_s extmul_high_i16x8_s extmul_low_i16x8_u extmul_high_i16x8_u'));
simd(192, typed('i64x2', 'abs neg - all_true bitmask'));
simd(199, typed('i64x2', 'extend_low_i32x4_s extend_high_i32x4_s extend_low_i32x4_u extend_high_i32x4_u'));
simd(203, typed('i64x2', 'shl shr_s shr_u add - - sub - - - mul eq ne lt_s gt_s le_s ge_s'));
simd(220, typed('i64x2', 'extmul_low_i32x4_s extmul_high_i32x4_s extmul_low_i32x4_u extmul_high_i32x4_u'));
simd(224, typed('f32x4', 'abs neg - sqrt add sub mul div min max pmin pmax'));
simd(236, typed('f64x2', 'abs neg - sqrt add sub mul div min max pmin pmax'));
simd(248, 'i32x4.trunc_sat_f32x4_s i32x4.trunc_sat_f32x4_u f32x4.convert_i32x4_s f32x4.convert_i32x4_u');
simd(
  252,
  'i32x4.trunc_sat_f64x2_s_zero i32x4.trunc_sat_f64x2_u_zero f64x2.convert_low_i32x4_s f64x2.convert_low_i32x4_u',
);

export function opcode(name: string): number {
  const code = OPCODES[name];
  if (code === undefined) throw new Error(`no WebAssembly opcode named ${name}`);
  return code;
}
