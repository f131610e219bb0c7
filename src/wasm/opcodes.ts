// WebAssembly opcodes by their textual names (WebAssembly Core Specification 2.0, "Binary Format: Instructions").
// Only what the engine emits; SIMD is added with the instructions that need it.

const OPCODES: Record<string, number> = {};

const sequence = (base: number, names: string): void => {
  names.split(' ').forEach((name, i) => {
    if (name !== '-') OPCODES[name] = base + i;
  });
};
const typed = (type: string, names: string): string =>
  names
    .split(' ')
    .map((n) => `${type}.${n}`)
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

export function opcode(name: string): number {
  const code = OPCODES[name];
  if (code === undefined) throw new Error(`no WebAssembly opcode named ${name}`);
  return code;
}
