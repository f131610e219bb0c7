// Which assembler a source is written for. Only NASM's dialect is judged; the others are recognised so that nothing false
// is said about them. Judged by lines that only one of them has, comments and strings aside.

export type Flavour = 'nasm' | 'gas' | 'masm' | 'fasm';

export const FLAVOUR_NAMES: Readonly<Record<Flavour, string>> = {
  nasm: 'NASM',
  gas: 'GNU as',
  masm: 'MASM or TASM',
  fasm: 'flat assembler',
};

const SIGNS: Readonly<Record<Flavour, readonly RegExp[]>> = {
  nasm: [
    /^\s*%(define|macro|include|if|ifdef|ifndef|assign|rep|use|push|endmacro|endif|undef|xdefine)\b/i,
    /^\s*\[?\s*(bits\s+(16|32|64)|section\s+\.\w+|cpu\s+\d|default\s+(rel|abs))/i,
    /\btimes\s+\S+\s*-\s*\(\s*\$\s*-\s*\$\$\s*\)/i,
    /^\s*[\w.]+:?\s+(resb|resw|resd|resq)\b/i,
    /^\s*\[?\s*(global|extern|org)\s+[\w$.]+/i,
    /\b(byte|word|dword|qword)\s+\[|\[\s*(rel|abs|byte|word|dword)\s/i,
    /^\s*\.(?!L)\w+(:|\s+equ\b)/,
  ],
  gas: [
    /^\s*\.(globl|global|code16|code32|code64|ascii|asciz|string|byte|word|long|quad|align|p2align|balign|type|size)\b(?!\s*:|\s+(equ|res[bwdq]|d[bwdqt]|times)\b)/,
    /^\s*\.(macro|endm|set|equ|include|intel_syntax|att_syntax|cfi_\w+|file|ident|rodata|bss|text|data|section|skip)\b(?!\s*:|\s+(equ|res[bwdq]|d[bwdqt]|times)\b)/,
    /^\s*\w+:?\s*[a-z]+\s+.*%(e?[abcd]x|[abcd][lh]|e?[sd]i|e?[sb]p|r\w+|[cdefgs]s|cr\d|xmm\d+)\b/,
    /^\s*#\s*(include|define|if|ifdef|ifndef|endif|else|undef)\b/,
    /^\s*(\/\*|\/\/)/,
    /^\s*[a-z]+\s+\$(0x[0-9a-f]+|\d+|\w+)\s*,\s*%/i,
  ],
  masm: [
    /^\s*\.(model|stack|startup|exit|[123456]86p?|mmx|xmm|const|fardata|lall|xlist)\b/i,
    /^\s*[\w@?$]+\s+(proc|endp|macro|label|struc|struct|ends)\b/i,
    /^\s*[\w@?$]+\s+segment\b/i,
    /^\s*assume\s+\w+\s*:/i,
    /\b(byte|word|dword|qword)\s+ptr\b.*\boffset\b|\boffset\s+\w/i,
    /^\s*(endm|ideal|jumps|locals|public\s+\w+|extrn\s+\w+|invoke\s+\w+|include\s+\w+|includelib\s+\w+)\b/i,
    /^\s*end(\s+\w+)?\s*$/i,
  ],
  fasm: [
    /^\s*format\s+(binary|elf|elf64|pe|pe64|mz|coff|ms)\b/i,
    /^\s*(macro|struc)\s+\w+[^{]*\{/i,
    /^\s*(include|file)\s+['"]/i,
    /^\s*(entry|use16|use32|use64)\s+\w+/i,
    /^\s*(virtual\s+at|end\s+virtual|rept|irp|irps|load\s+\w+\s+(byte|word|dword)\s+from)\b/i,
    /^\s*(segment|section)\s+['"]?\.?\w+['"]?\s+(readable|writeable|executable|code|data)\b/i,
    /\br[bwdq]\s+\d/,
  ],
};

/** Lines looked at: enough to know, and little for a source of megabytes. */
const MOST_LINES = 400;

/** `.s` and `.S` lean towards GNU as when nothing speaks. */
export function flavourOf(text: string, path = ''): Flavour {
  const scores: Record<Flavour, number> = { nasm: 0.5, gas: /\.s$/i.test(path) ? 1 : 0, masm: 0, fasm: 0 };
  let lines = 0;
  for (const line of text.split(/\r?\n|\r/, MOST_LINES * 4)) {
    const code = line.replace(/'[^']*'|"[^"]*"/g, (quoted) => `${quoted[0]}${quoted[0]}`).replace(/;.*$/, '');
    if (code.trim() === '') continue;
    if (++lines > MOST_LINES) break;
    for (const flavour of Object.keys(SIGNS) as Flavour[]) {
      for (const sign of SIGNS[flavour]) if (sign.test(code)) scores[flavour]++;
    }
  }
  return (Object.keys(scores) as Flavour[]).reduce((best, next) => (scores[next] > scores[best] ? next : best));
}
