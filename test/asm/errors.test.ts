// Errors: place and wording, several in one run, macro stacks; where nasm has a message of its own, the same line and words.
import assert from 'node:assert/strict';
import { assembleText, errorLines, runNasm, type NasmOutput } from './support';

interface Case {
  name: string;
  source: string;
  /** `line:column: message`, in the order of reporting. */
  errors: readonly string[];
  /** nasm stays silent, speaks elsewhere, or says something else: not compared. */
  own?: string;
}

const CASES: readonly Case[] = [
  {
    name: 'unknown instructions',
    source: 'start:\n  mov ax, 5\n  moov ax, 5\n  bogus eax\n',
    errors: [
      "3:3: parser: instruction expected: `moov' is not an instruction this assembler knows",
      "4:3: parser: instruction expected: `bogus' is not an instruction this assembler knows",
    ],
  },
  {
    name: 'operands that do not fit',
    source: 'mov ax\nmov 5, ax\nmov ax, bl\nmov ax, [bx], 3\n push\nmov [bx], [si]\n',
    errors: [1, 2, 3, 4]
      .map((line) => `${line}:1: invalid combination of opcode and operands`)
      .concat(['5:2: invalid combination of opcode and operands', '6:1: invalid combination of opcode and operands']),
  },
  {
    name: 'missing sizes',
    source: 'mov [bx], 5\n  inc [si]\n',
    errors: [
      '1:1: operation size not specified: write byte, word or dword before the operand',
      '2:3: operation size not specified: write byte, word or dword before the operand',
    ],
  },
  {
    name: 'undefined symbols',
    source: 'a: mov ax, nowhere\njmp missing\n  mov bx, [ghost+2]\ndb a1, a2\nx equ nope+1\n.l: jmp .missing\n',
    errors: [
      "1:12: symbol `nowhere' not defined",
      "2:5: symbol `missing' not defined",
      "3:12: symbol `ghost' not defined",
      "4:4: symbol `a1' not defined",
      "4:8: symbol `a2' not defined",
      "5:7: symbol `nope' not defined",
      "6:9: symbol `a.missing' not defined",
    ],
  },
  {
    name: 'redefinitions',
    source: 'a: nop\nb: nop\na: nop\nx equ 1\nx equ 2\n',
    errors: ["3:1: label `a' inconsistently redefined", "5:1: label `x' inconsistently redefined"],
  },
  {
    name: 'syntax',
    source:
      "mov ax, (5\nmov ax, 5)\ndb 1,,2\nmov ax, [bx\nmov ax, bx]\nmov ax 5\ndb 'abc\ndw 1+\n: nop\n5 nop\nax: nop\nmov ax, 12z\n",
    errors: [
      "1:11: expecting `)'",
      '2:10: comma, colon, decorator or end of line expected after operand',
      '3:6: expression syntax error',
      '4:12: expecting ] at end of memory operand',
      '5:11: comma, colon, decorator or end of line expected after operand',
      '6:8: comma, colon, decorator or end of line expected after operand',
      '7:4: expression syntax error',
      '8:6: expression syntax error',
      '9:1: label or instruction expected at start of line',
      '10:1: label or instruction expected at start of line',
      "11:1: label or instruction expected at start of line: `ax' is a register",
      "12:9: expression syntax error: `12z' is not a number",
    ],
  },
  {
    name: 'addresses',
    source: 'mov ax, [bx+si+di]\nmov ax, [5:bx]\nmov ax, [es:ds:bx]\nes mov ax, [ds:bx]\n',
    errors: [
      '1:9: invalid effective address: too many registers',
      '2:10: invalid segment override',
      '3:13: instruction has conflicting segment overrides',
      '4:13: instruction has conflicting segment overrides',
    ],
  },
  {
    name: 'addresses that cannot be encoded',
    source: 'mov ax, [ax]\nmov ax, [bx*2]\nbits 32\nmov eax, [esp*2]\nmov eax, [eax*7]\n',
    errors: [
      '1:1: invalid 16-bit effective address',
      '2:9: invalid 16-bit effective address',
      '4:10: invalid 32-bit effective address',
      '5:10: invalid 32-bit effective address',
    ],
  },
  {
    name: 'jumps out of range',
    source: 'jmp short far_away\ntimes 200 nop\nfar_away: nop\nloop back\ntimes 300 nop\nback: jcxz far_away\n',
    errors: [1, 4]
      .map((line) => `${line}:1: short jump is out of range: leave out \`short', or bring the target within 127 bytes`)
      .concat(["6:7: short jump is out of range: leave out `short', or bring the target within 127 bytes"]),
  },
  {
    name: 'times',
    source: 'times bx nop\ntimes later nop\nlater equ 5\n',
    errors: [
      '1:7: non-constant argument supplied to TIMES',
      '2:7: non-constant argument supplied to TIMES: it depends on something defined later',
    ],
  },
  {
    name: 'times of less than nothing',
    source: 'times -1 nop\nnop\n  times 510-($-$$)-600 db 0\n',
    errors: ['1:7: TIMES value -1 is negative', '3:9: TIMES value -91 is negative'],
  },
  {
    name: 'division by zero',
    source: 'db 1/0\nx equ 5 % 0\n',
    errors: ['2:9: division by zero', '1:5: division by zero'],
  },
  {
    name: 'unfinished blocks',
    source: '%if 1\nnop\n  %ifdef x\n%endif\n',
    errors: ["1:1: expected `%endif' before end of file: this `%if' is still open"],
    own: 'nasm gives the line after the last one',
  },
  {
    name: 'unfinished macro',
    source: 'nop\n%macro x 0\nnop\n',
    errors: ["2:1: end of file while still defining macro `x': add %endmacro"],
    own: 'nasm gives the line after the last one',
  },
  {
    name: 'stray directives',
    source: '%endif\n%else\n%elif 1\n%endmacro\n%endrep\n%exitrep\n%exitmacro\n%pop\n%rotate 1\n',
    errors: [
      "1:1: `%endif': no matching `%if'",
      "2:1: `%else': no matching `%if'",
      "3:1: `%elif': no matching `%if'",
      "4:1: `%endmacro': not defining a macro",
      "5:1: `%endrep': no matching `%rep'",
      "6:1: `%exitrep' not within `%rep' block",
      "7:1: `%exitmacro' not within `%macro' block",
      "8:1: `%pop': context stack is empty",
      "9:1: `%rotate' invoked outside a macro call",
    ],
  },
  {
    name: 'unknown directive',
    source: ' %nosuchdirective foo\n',
    errors: ["1:2: unknown preprocessor directive `%nosuchdirective'"],
    own: 'nasm takes it for a label',
  },
  {
    name: 'messages of the source',
    source: "%error this is wrong\n%define n 5\n  %error 'quoted'\n%error n of them\n",
    errors: ['1:1: this is wrong', '3:3: quoted', '4:1: 5 of them'],
  },
  {
    name: 'fatal',
    source: 'nop\n%fatal stop here\nbogus x\n',
    errors: ['2:1: stop here'],
  },
  {
    name: 'preprocessor expressions and arguments',
    source:
      "%assign x y+1\n%if undefined_symbol\n%endif\n%assign z 1/0\n%strlen n 5\n%substr s 'abc'\n%define\n%include\n%use nothing\n",
    errors: [
      "1:11: symbol `y' not defined before use",
      "2:5: symbol `undefined_symbol' not defined before use",
      '4:12: division by zero',
      "5:11: `%strlen' requires string as second parameter",
      "6:1: `%substr' requires a starting index",
      "7:1: `%define' expects a macro identifier",
      "8:1: `%include' expects a file name",
      "9:6: unknown `%use' package: `nothing'",
    ],
  },
  {
    name: 'missing files',
    source: 'nop\n%include "nofile.inc"\n',
    errors: [
      "2:10: unable to open include file `nofile.inc': No such file or directory; check the name and the include paths",
    ],
  },
  {
    name: 'missing binary',
    source: ' incbin "nofile.bin"\n',
    errors: ["1:2: `incbin': unable to open file `nofile.bin': check the name and the include paths"],
    own: 'nasm: unable to get length of file',
  },
  {
    name: 'an error in an included file',
    source: 'nop\n%include "broken.inc"\nnop\n',
    errors: ['broken.inc:2:2: invalid combination of opcode and operands'],
  },
  {
    name: 'section attributes',
    source: 'section .data align=3\nsection .bss progbits\nsection .x start=5 follows=.text\n',
    errors: [
      "1:9: argument to `align' is not a power of two",
      '2:9: attempt to change section type from nobits to progbits',
      "3:9: cannot combine `start' and `follows' section attributes",
    ],
  },
  {
    name: 'overlapping sections',
    source: 'section .a start=0\ntimes 100 db 0\nsection .b start=50\ndb 1\n',
    errors: ['3:1: sections .a and .b overlap!'],
    own: 'nasm gives no line',
  },
  {
    name: 'section that follows nothing',
    source: 'nop\nsection .a follows=.nope\ndb 1\n',
    errors: ['2:1: section .a follows an invalid or unknown section (.nope)'],
    own: 'nasm gives no line',
  },
  {
    name: 'directives',
    source: 'bits 17\ncpu z80\n[nonsense 5]\n[bits 16\ndefault foo\nglobal 5\norg 1\norg 2\n',
    errors: [
      "1:6: `17' is not a valid segment size; must be 16, 32 or 64",
      "2:5: unknown CPU type or flag 'z80'",
      '3:2: unrecognized directive [nonsense]',
      "4:1: invalid directive line: write [name value], with the closing `]'",
      '5:9: invalid parameter to [default] directive',
      "6:8: identifier expected after global, got `5'",
      '8:5: program origin redefined: org sets one address for the whole file',
    ],
  },
  {
    name: 'external symbols in a flat binary',
    source: 'extern e\nmov ax, e\n',
    errors: [
      '2:9: binary output format does not support external references: define the symbol in this program, or %include the file that does',
    ],
  },
  {
    name: 'wrt and seg in a flat binary',
    source: 'x: mov ax, x wrt 5\nmov bx, [x wrt 5]\ndw x wrt 5\nmov ax, seg x\n',
    errors: [
      '1:12: WRT not supported by binary output format',
      '2:9: WRT not supported by binary output format',
      '3:4: WRT not supported by binary output format',
      '4:9: binary output format does not support segment base references: compute the segment yourself',
    ],
  },
  {
    name: 'code in absolute space',
    source: 'absolute 100h\nnop\n',
    errors: ['2:1: attempt to assemble code in [ABSOLUTE] space: switch back with a section directive'],
  },
  {
    name: 'equ',
    source: 'equ 5\nx equ\ny equ ax\nw equ 1,2\n',
    errors: [
      '1:1: EQU not preceded by label',
      '2:3: bad syntax for EQU: one value is expected',
      '3:7: bad syntax for EQU: the value must be a number or an address',
      '4:7: bad syntax for EQU: one value is expected',
    ],
  },
  {
    name: 'instructions of other processors',
    source: 'cpu 8086\npush 5\nshl ax, 4\ncpu 286\nmovzx eax, al\n',
    errors: [2, 3, 5].map((line) => `${line}:1: no instruction for this cpu level`),
  },
  {
    name: 'labels that never rest',
    source: 'nop\nx equ y+1\ny equ x+1\n',
    errors: [
      "3:1: unable to find valid values for all labels after 204 passes; giving up. `y' still moves: possible causes are recursive EQUs, macro abuse, a size that depends on itself",
    ],
    own: 'nasm gives no line',
  },
];

const nasmErrors = (output: NasmOutput): { line: number; message: string }[] =>
  [...output.messages.matchAll(/^[^:\n]+:(\d+): (?:error|fatal): (.*)$/gm)].map((m) => ({
    line: Number(m[1]),
    message: m[2]!,
  }));

describe('assembler: errors', () => {
  let nasm: NasmOutput[];
  before(() => {
    nasm = runNasm(CASES);
  });

  CASES.forEach((test, index) => {
    it(test.name, () => {
      const result = assembleText(test.source);
      assert.deepEqual(errorLines(result), test.errors);
      assert.equal(result.ok, false);
      assert.equal(nasm[index]!.bytes, undefined, 'nasm accepts this source');
      if (test.own !== undefined) return;
      const ours = result.diagnostics.filter((d) => d.severity === 'error');
      for (const { line, message } of nasmErrors(nasm[index]!)) {
        const match = ours.some((d) => d.line === line && d.message.startsWith(message));
        assert.ok(match, `nasm: line ${line}: ${message}`);
      }
    });
  });

  it('says so of registers of later processors', () => {
    assert.deepEqual(errorLines(assembleText('mov eax, zmm1\n')), [
      "1:10: symbol `zmm1' not defined: registers of AVX-512 are not known to this assembler",
    ]);
  });

  it('names every macro between the call and the line', () => {
    const source =
      '%macro inner 1\n mov al, %1\n%endmacro\n%macro outer 1\n nop\n inner %1\n%endmacro\nnop\n  outer nosuch\n';
    const [error, ...others] = assembleText(source).diagnostics;
    assert.deepEqual(others, []);
    assert.equal(error!.message, "symbol `nosuch' not defined");
    assert.deepEqual([error!.file, error!.line, error!.column, error!.endColumn], ['t.asm', 9, 9, 15]);
    assert.deepEqual(error!.macroStack, [
      { macro: 'inner', file: 't.asm', line: 2 },
      { macro: 'outer', file: 't.asm', line: 6 },
    ]);
  });

  it('puts an error of the macro itself on the name in the call', () => {
    const [error] = assembleText('%macro m 0\n nop\n mov ax, bl\n%endmacro\n   m\n').diagnostics;
    assert.deepEqual([error!.line, error!.column, error!.endColumn], [5, 4, 5]);
    assert.deepEqual(error!.macroStack, [{ macro: 'm', file: 't.asm', line: 3 }]);
  });

  it('follows text through single-line macros to the call', () => {
    const [error] = assembleText('%define ptr(x) [ghost+x]\nmov ax, ptr(2)\n').diagnostics;
    assert.deepEqual([error!.line, error!.column], [2, 9]);
  });

  it('finds columns on continued lines', () => {
    const [error] = assembleText('db 1, \\\n   ghost\n').diagnostics;
    assert.deepEqual([error!.line, error!.column, error!.endColumn], [2, 4, 9]);
  });

  it('stops after the limit of errors', () => {
    const result = assembleText('nop x\n'.repeat(1000));
    assert.equal(errorLines(result).length, 200);
    assert.equal(result.diagnostics.at(-1)!.severity, 'info');
  });

  it('reports warnings with their class', () => {
    const source = 'label_alone\nmov al, 300\ndb 256\nresb 5\n[warning -zeroing]\nresb 6\nmov dword ax, 5\ndb\n';
    const found = assembleText(source).diagnostics.map((d) => `${d.line} ${d.severity} ${d.code}`);
    assert.deepEqual(found.sort(), [
      '1 warning label-orphan',
      '2 warning number-overflow',
      '3 warning number-overflow',
      '4 warning zeroing',
      '7 warning regsize',
      '8 warning db-empty',
    ]);
  });
});
