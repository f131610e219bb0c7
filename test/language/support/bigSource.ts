// A long source of every kind of line, for measuring what an edit costs.

/** Labels, jumps both ways, memory operands, data, macros, constants and comments, as sources have them. */
export function bigSource(length: number): string[] {
  const lines = [
    'org 0x7c00',
    'bits 16',
    '%define PORT 0x60',
    '%macro wait_for 1',
    ' push ax',
    ' mov al, %1',
    ' pop ax',
    '%endmacro',
  ];
  for (let i = lines.length; i < length; i += 10) {
    const [back, ahead] = [Math.max(8, i - 200), Math.min(i + 30, length - ((length - i) % 10 || 10))];
    lines.push(
      `; routine ${i}: what it does`,
      `label${i}: mov ax, [bx+si+${i % 100}]`,
      `  add ax, ${i}`,
      `  jne label${back - ((back - 8) % 10)}`,
      '  mov word [count], ax ; kept for later',
      `  call label${Math.max(8, ahead - ((ahead - 8) % 10) - 10)}`,
      '.loop: dec cx',
      '  jnz .loop',
      '  wait_for PORT',
      `text${i}: db "hello", 13, 10, 0`,
    );
  }
  lines.push('count: dw 0');
  return lines;
}

export const percentile = (times: readonly number[], share: number): number =>
  [...times].sort((a, b) => a - b)[Math.floor(share * (times.length - 1))]!;
