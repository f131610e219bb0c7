// Where the processor's state and the engine's tables live in the one WebAssembly linear memory (byte offsets).
// General registers are 64-bit slots from the first day; 32-bit writes zero the upper half only in 64-bit code,
// which is invisible elsewhere. Arithmetic flags are lazy: see flags.ts. Segment caches follow Intel SDM vol. 3
// "Segment Registers" (hidden part), with two derived fast limits for the engine's inline check.

export const S_GPR = 0x000; // 16 x i64, hardware numbering
export const S_ZERO = 0x080; // i64, always 0: the "absent register"
export const S_RIP = 0x088; // i64, offset in CS; valid whenever the engine is outside its loop or calls out
export const S_RES = 0x090; // i64, lazy flags: sign-extended result
export const S_AUX = 0x098; // i32, lazy flags: bit 31 CF, 30 CF^OF, 3 AF, 0 SF flip, 8-15 parity flip byte
export const S_EFLAGS = 0x09c; // i32, all other EFLAGS bits (bit 1 set, arithmetic bits 0)
export const S_CPL = 0x0a0; // i32
export const S_BUDGET = 0x0a4; // i32, instructions left in the slice
export const S_EXIT = 0x0a8; // i32, why the loop left
export const S_TLBR = 0x0ac; // i32, current read table
export const S_TLBW = 0x0b0; // i32, current write table
export const S_JC = 0x0b4; // i32, current jump cache
export const S_ATTN = 0x0b8; // i32, non-zero: leave at the next instruction boundary
export const S_CHUNK = 0x0bc; // i32, a repeated string instruction starts again where CX has none of these bits; 0: after each iteration
export const S_SCRATCH = 0x0c0; // 32 bytes: values through slow paths
export const S_A20MASK = 0x0e0; // i32
export const S_RECORD = 0x0e4; // i32, the record being executed when the engine called out
export const S_RAISE = 0x0e8; // i32, vector raised by a handler itself
export const S_FAULTED = 0x0ec; // i32, 1 when the last memory helper left a fault in cpu.fault, 2 when in the words from F_PF on

/**
 * i64, in 64-bit code: the base of the 4 GB window that the instruction pointer is in, and of the next one; 0 elsewhere. Decoded
 * records keep offsets in the window, and RIP-relative operands use these as their base register.
 */
export const S_WINDOW = 0x0f0;
export const S_WINDOW_NEXT = 0x0f8;

/** Eight segment caches of 32 bytes: ES CS SS DS FS GS LDTR TR. */
export const S_SEG = 0x100;
export const SEG_SIZE = 32;
export const SEG_SELECTOR = 0; // u32
export const SEG_ATTR = 4; // u32: type 0-3, S 4, DPL 5-6, P 7, AVL 12, L 13, D/B 14, G 15, unusable (null) 16
export const SEG_BASE = 8; // i64
export const SEG_LIMIT = 16; // u32, in bytes after granularity
export const SEG_FAST_READ = 20; // u32: offsets whose last byte is below this need no check for reads; 0 = always check
export const SEG_FAST_WRITE = 24; // u32, likewise for writes
export const LDTR = 6;
export const TR = 7;

export const S_GDTR_BASE = 0x200; // i64
export const S_GDTR_LIMIT = 0x208; // u32
export const S_IDTR_BASE = 0x210;
export const S_IDTR_LIMIT = 0x218;
export const S_CR0 = 0x220; // i64 slots: CR0, CR2, CR3, CR4, CR8
export const S_CR2 = 0x228;
export const S_CR3 = 0x230;
export const S_CR4 = 0x238;
export const S_CR8 = 0x240;
export const S_XCR0 = 0x248; // i64
export const S_PDPTE = 0x258; // 4 x i64, the page-directory-pointer registers of PAE paging
export const S_DR = 0x280; // 8 x i64
export const S_EFER = 0x2c0; // i64
export const S_SMM = 0x2c8; // i32, not 0 in system management mode, see SMM_
export const S_SMBASE = 0x2cc; // u32
export const S_SMM_DEBUG = 0x2d0; // i32, DR6 bits of a debug trap that waits for RSM
/** The port access that made a system management interrupt pending, 0 none: see ioRestart.ts. Then registers of its instruction. */
export const S_IO = 0x2d4; // u32
export const S_IO_RIP = 0x2d8; // i64
export const S_IO_RCX = 0x2e0;
export const S_IO_RSI = 0x2e8;
export const S_IO_RDI = 0x2f0;
/** What MONITOR and MWAIT set up, see MONITOR_, and the physical address of the line. */
export const S_MONITOR = 0x2f8; // i32
export const S_MONITOR_LINE = 0x2fc; // u32
/** The x87 and MXCSR (Intel SDM vol. 1, "x87 FPU Execution Environment"); helpers in fpu/state.ts. */
export const S_FPU = 0x300;
export const S_FCW = 0x300; // i32, control word (16 bits, bit 6 always 1)
export const S_FSW = 0x304; // i32, status word (16 bits) with zeros in place of TOP; ES (bit 7) and B (bit 15) are kept up to date
export const S_FTAG = 0x308; // i32, bit n = physical register n is not empty, as in FXSAVE; the two-bit tags follow from the contents
export const S_FOP = 0x30c; // i32, last opcode (11 bits)
export const S_FIP = 0x310; // i64, offset of the last non-control instruction
export const S_FDP = 0x318; // i64, offset of its memory operand
export const S_FCS = 0x320; // i32, selectors that go with them
export const S_FDS = 0x324;
export const S_MXCSR = 0x328; // i32
export const S_FTOP = 0x32c; // i32, TOP (0 to 7): apart, since the registers of an instruction wait for it, but not for C1 and PE of the one before
/** Eight registers of 16 bytes by physical number: i64 significand (the MMX register), then u16 sign and exponent. */
export const S_FPR = 0x380;
export const FPR_SIZE = 16;
export const S_XMM = 0x400; // 16 x 64 bytes: XMM, then the high half of YMM
export const XMM_SIZE = 64;
export const S_END = 0x800;

// What the engine's inline transfers look at (engine/transferMemo.ts); no part of the processor's state.
export const F_KEY = 0x800; // i32, key of remembered descriptors: 0x80000000 | CPL << 16 in protected mode, 0 elsewhere
export const F_REAL = 0x804; // i32, 1 in real mode with a 16-bit stack and a CS that a load of the same paragraph leaves alone
export const F_FLAT = 0x808; // i32, 1 in protected mode with 32-bit code and stack and flat CS, DS, ES, SS
export const F_FLAT_DATA = 0x80c; // i32, 1 when the code being executed was decoded for flat segments
export const F_JC_SUPER = 0x810; // i32, jump caches of flat 32-bit code at CPL 0 to 2 and at CPL 3, 0 = none yet
export const F_JC_USER = 0x814;
export const F_EVENTS = 0x818; // i32, see EVENT_
export const F_SHADOW = 0x81c; // i32, instructions left in the slice when STI was executed inline, -1 = it was not
export const F_CONTEXT = 0x820; // i32, 1 after an inline transfer changed the privilege level
export const F_LOG_COUNT = 0x824; // u32, entries of the transition log since power-on
export const F_SLICE_END = 0x828; // i64, instruction count at which the slice ends
export const F_LEAVE = 0x830; // i32, not 0 when the code context has to be chosen again: inline code leaves the loop after a port access
export const F_RAM_END = 0x834; // u32, bytes of RAM
export const F_WATCHED = 0x838; // i32, 1 while some linear pages are watched, or registers lie in the middle of memory
export const F_PAUSES = 0x83c; // i32, PAUSE instructions left in the turn of the processor
/** The page fault that WebAssembly found last, see cpu/quickPageFault.ts: u32 each. */
export const F_PF = 0x880;
export const PF_ALLOWED = F_PF; // 1 while page faults may be delivered without asking anybody
export const PF_LINEAR = F_PF + 4;
export const PF_CODE = F_PF + 8; // error code
export const PF_PDE = F_PF + 12;
export const PF_PDE_AT = F_PF + 16;
export const PF_PTE = F_PF + 20;
export const PF_PTE_AT = F_PF + 24; // 0: the directory entry decided
export const PF_CPL = F_PF + 28; // before the delivery
export const PF_INDEX = F_PF + 32; // its entry in the transition log, -1 none
export const F_LONG = 0x8c0; // i32, 1 while 64-bit code is executed
/** Operands and result of vector operations that are done in TypeScript (simd/): 32 bytes each, then an integer result. */
export const V_A = 0x900;
export const V_B = 0x920;
export const V_C = 0x940;
export const V_R = 0x960;
export const V_OUT = 0x980; // i64, and an i32
export const V_FLAGS = 0x990; // u8 by stage: floating-point exceptions of lanes that wait for the others
export const V_DEFER = 0x994; // i32, 1 while exceptions wait
export const EVENT_INTR = 1, // the interrupt controller's output
  EVENT_NMI = 2,
  EVENT_NMI_BLOCKED = 4,
  EVENT_SMI = 16, // a system management interrupt waits
  EVENT_WATCHED = 8; // somebody wants to hear of every transition when it happens
export const SEGMENT_MEMO = 0x1000; // 64 descriptors: 0 key, then as in S_SEG; 28 is 1 when flat
export const GATE_MEMO = 0x2000; // by vector: see engine/transferMemo.ts
export const GATE_MEMO_BYTES = 96;
export const GATE_MEMO_ANY = 60; // the key for exceptions, which do not ask for the gate's DPL
export const PAGE_FILTER = 0x9000; // byte per linear page modulo 4,096: not 0 when decoded code or remembered descriptors may lie there
export const PAGE_FILTER_BYTES = 0x1000;
export const RETURN_MEMO = 0x8000; // 16 outer or same-ring returns of 96 bytes
export const MEMO_END = 0x8600;
export const TRANSITION_LOG = 0x24000; // the chunk of the transition log that is being filled
export const TRANSITION_LOG_END = 0x64000;

// Engine tables.
export const TLB_ENTRIES = 1024; // direct-mapped, 16 bytes each: i64 tag (linear page, bit 0 = page has code), i32 addend, i32 physical page
export const TLB_BYTES = TLB_ENTRIES * 16;
export const TLB_SUPER_READ = 0x10000;
export const TLB_SUPER_WRITE = 0x14000;
export const TLB_USER_READ = 0x18000;
export const TLB_USER_WRITE = 0x1c000;
export const TLB_NONE = 0x20000; // never filled: every access takes the checked path (alignment checks, single cases)
/** The same four tables for 64-bit code and for linear addresses beyond 4 GB; elsewhere only the low half of a tag is compared. */
export const TLB_LONG = 0x64000;
export const TLB_LONG_END = TLB_LONG + 4 * TLB_BYTES;
export const JC_BASE = 0x80000; // 16 jump caches of 2,048 entries of 16 bytes
export const JC_BYTES = 0x8000;
export const JC_COUNT = 16;
export const REC_BASE = 0x100000; // decoded records
export const REC_END = 0xf00000;
export const VRAM_BASE = 0xf00000; // 256 KB of display memory (1 MB reserved)
/** By port what one-byte accesses do without a call (devices/portLatch.ts): u8, bit 0 reads, bit 1 writes; then their bytes. */
export const PORT_LATCH = 0xf80000;
export const PORT_LATCH_VALUES = 0xf90000;
export const CODEMAP_BASE = 0x1000000; // i32 per page of RAM: offset of the page's bitmap of bytes with decoded code, 0 = none
export const CODEMAP_END = 0x1100000;
export const CODEBITS_BASE = 0x1100000; // those bitmaps, 512 bytes each
export const CODEBITS_END = 0x2000000;
export const RAM_BASE = 0x2000000; // guest physical address 0
export const MAX_RAM = 0x40000000; // 1 GB

// EFLAGS
export const CF = 1,
  PF = 4,
  AF = 0x10,
  ZF = 0x40,
  SF = 0x80,
  TF = 0x100,
  IF = 0x200,
  DF = 0x400,
  OF = 0x800;
export const IOPL = 0x3000,
  NT = 0x4000,
  RF = 0x10000,
  VM = 0x20000,
  AC = 0x40000,
  VIF = 0x80000,
  VIP = 0x100000,
  ID = 0x200000;
export const ARITH_FLAGS = CF | PF | AF | ZF | SF | OF;

// CR0, CR4
export const CR0_PE = 1,
  CR0_MP = 2,
  CR0_EM = 4,
  CR0_TS = 8,
  CR0_ET = 0x10,
  CR0_NE = 0x20,
  CR0_WP = 0x10000,
  CR0_AM = 0x40000;
export const CR0_NW = 0x20000000,
  CR0_CD = 0x40000000,
  CR0_PG = 0x80000000;
export const CR4_VME = 1,
  CR4_PVI = 2,
  CR4_TSD = 4,
  CR4_DE = 8,
  CR4_PSE = 0x10,
  CR4_PAE = 0x20,
  CR4_MCE = 0x40,
  CR4_PGE = 0x80,
  CR4_PCE = 0x100,
  CR4_OSFXSR = 0x200,
  CR4_OSXMMEXCPT = 0x400,
  CR4_UMIP = 0x800;
export const CR4_FSGSBASE = 0x10000,
  CR4_PCIDE = 0x20000,
  CR4_OSXSAVE = 0x40000,
  CR4_SMEP = 0x100000,
  CR4_SMAP = 0x200000;

// EFER
export const EFER_SCE = 1,
  EFER_LME = 0x100,
  EFER_LMA = 0x400,
  EFER_NXE = 0x800,
  EFER_SVME = 0x1000;

// S_SMM: the mode itself, and whether NMIs were blocked when it was entered.
export const SMM_ACTIVE = 1,
  SMM_NMI_BLOCKED = 2;

// S_MONITOR: MWAIT may wait; it waits; masked interrupts end it.
export const MONITOR_ARMED = 1,
  MONITOR_WAITS = 2,
  MONITOR_MASKED = 4;

// Exception vectors
export const DE = 0,
  DB = 1,
  NMI = 2,
  BP = 3,
  OFV = 4,
  BR = 5,
  UD = 6,
  NM = 7,
  DF_ = 8,
  TS = 10,
  NP = 11,
  SS_ = 12,
  GP = 13,
  PFV = 14,
  MF = 16,
  ACV = 17,
  MC = 18,
  XM = 19;
