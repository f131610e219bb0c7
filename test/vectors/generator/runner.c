// Runs instructions natively at CPL 3 and says what they did: 64-bit code, 32-bit code in a compatibility segment, 16-bit code
// in a segment of the LDT. For Linux on x86-64.
//
// Each test arrives on standard input as a `struct state` and memory patches; the whole processor state is entered through
// rt_sigreturn and comes back in the frame of the signal that ends the test: the INT3 behind the code, or an exception. Memory,
// segments and the meaning of the fields are those of the vector format "x86vec-1". The answer on standard output is a `struct
// state` and the memory that changed.
#define _GNU_SOURCE
#include <asm/ldt.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>

enum { ES, CS, SS, DS, FS, GS };
enum { FINISHED = 256, TIMEOUT = 257 };

struct state {
  uint32_t mode, exception, error, code_length, patches, reserved;
  uint64_t cr2, gpr[16], rip, flags, fs_base, gs_base; // gpr: ax cx dx bx sp bp si di r8..r15
  uint16_t selector[6], cw, sw, tw, fop;               // tw: abridged
  uint32_t mxcsr, pad;
  uint8_t st[8][16];
  uint8_t ymm[16][32];
};
struct patch {
  uint64_t address;
  uint32_t length, pad;
  uint8_t bytes[64];
};

// Memory: one file, seen once by this program and once, with rights of its own, by the tests.
#define LOW 0x10000ul
#define LOW_BYTES 0x40000ul
#define FAR 0x123456780000ul
#define FAR_BYTES 0x1000ul
#define TOTAL (LOW_BYTES + FAR_BYTES)
static uint8_t *memory, *pristine;

static void fail(const char *what) {
  fprintf(stderr, "runner: %s: %s\n", what, strerror(errno));
  exit(1);
}
static void view(int file, uint64_t address, uint64_t bytes, uint64_t offset, int rights) {
  void *wanted = (void *)address;
  if (mmap(wanted, bytes, rights, MAP_SHARED | MAP_FIXED_NOREPLACE | MAP_POPULATE, file, offset) != wanted) fail("mmap");
}
static void make_memory(void) {
  int file = memfd_create("vectors", 0);
  if (file < 0 || ftruncate(file, TOTAL)) fail("memfd");
  // the pages have to be there before they are mapped: otherwise page faults would say that they are not
  memory = mmap(NULL, TOTAL, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, file, 0);
  view(file, 0x10000, 0x10000, 0, PROT_READ | PROT_EXEC);
  view(file, 0x20000, 0x18000, 0x10000, PROT_READ | PROT_WRITE);
  view(file, 0x38000, 0x1000, 0x28000, PROT_READ);
  view(file, 0x40000, 0x10000, 0x30000, PROT_READ | PROT_WRITE);
  view(file, FAR, FAR_BYTES, LOW_BYTES, PROT_READ | PROT_WRITE);
  pristine = malloc(TOTAL);
  for (uint64_t i = 0; i < TOTAL; i++) {
    uint32_t address = i < LOW_BYTES ? LOW + i : FAR + (i - LOW_BYTES);
    pristine[i] = i < 0x10000 ? 0xcc : (uint32_t)(address * 0x9E3779B1u) >> 24;
  }
  memcpy(memory, pristine, TOTAL);
}
static uint8_t *place(uint64_t address) {
  if (address >= LOW && address < LOW + LOW_BYTES) return memory + (address - LOW);
  if (address >= FAR && address < FAR + FAR_BYTES) return memory + LOW_BYTES + (address - FAR);
  return NULL;
}

static void segment(int index, uint32_t base, uint32_t limit, int type, int big, int present, int pages) {
  struct user_desc d = {0};
  d.entry_number = index;
  d.base_addr = base;
  d.limit = limit;
  d.seg_32bit = big;
  d.contents = (type >> 2) & 3;
  d.read_exec_only = !(type & 2);
  d.limit_in_pages = pages;
  d.seg_not_present = !present;
  d.useable = 1;
  if (syscall(SYS_modify_ldt, 0x11, &d, sizeof d)) fail("modify_ldt");
}
/** One an argument: index, base, limit, type, D bit, P bit, G bit. */
static void make_segments(char **texts) {
  for (unsigned index, base, limit, type, big, present, pages; *texts; texts++) {
    if (sscanf(*texts, "%x,%x,%x,%x,%x,%x,%x", &index, &base, &limit, &type, &big, &present, &pages) != 7) fail(*texts);
    segment(index, base, limit, type, big, present, pages);
  }
}

static struct {
  uint64_t fs_base, gs_base;
  uint16_t ds, es, fs, gs;
} guest;
static uint64_t host_fs;
static volatile int running;
static jmp_buf resume;
static ucontext_t frame, blank;
static uint8_t fpu[16384] __attribute__((aligned(64))), blank_fpu[16384] __attribute__((aligned(64)));
static uint64_t fpu_bytes;
static int ended_by;

// The handler's first instructions: this program's segments back, NT, AC and ID clear.
void entered(int, siginfo_t *, void *) __attribute__((naked));
void entered(int signal, siginfo_t *info, void *context) {
  __asm__ volatile(
      "mov %%ds, guest+16(%%rip)\n mov %%es, guest+18(%%rip)\n mov %%fs, guest+20(%%rip)\n mov %%gs, guest+22(%%rip)\n"
      "rdfsbase %%rax\n mov %%rax, guest(%%rip)\n rdgsbase %%rax\n mov %%rax, guest+8(%%rip)\n"
      "xor %%eax, %%eax\n mov %%eax, %%ds\n mov %%eax, %%es\n mov %%eax, %%fs\n mov %%eax, %%gs\n"
      "mov host_fs(%%rip), %%rax\n wrfsbase %%rax\n"
      "pushfq\n andl $~0x244000, (%%rsp)\n popfq\n"
      "jmp handle\n" ::"m"(guest), "m"(host_fs));
}
static int last_tick_test, test_number;
__attribute__((used)) static void handle(int signal, siginfo_t *info, ucontext_t *context) {
  if (signal == SIGUSR1) {
    blank = *context;
    uint8_t *area = (uint8_t *)context->uc_mcontext.fpregs;
    fpu_bytes = *(uint32_t *)(area + 464 + 4); // the software bytes: extended size
    if (fpu_bytes > sizeof fpu) fail("extended state is too large");
    memcpy(blank_fpu, area, fpu_bytes);
    return;
  }
  if (signal == SIGALRM) {
    int stuck = running && last_tick_test == test_number;
    last_tick_test = test_number;
    if (!stuck) {
      // back to where it was, in the guest with its own segments
      if (running) {
        __asm__ volatile("mov %0, %%es\n mov %1, %%ds" ::"r"((uint32_t)guest.es), "r"((uint32_t)guest.ds));
        __asm__ volatile("mov %0, %%fs\n mov %1, %%gs" ::"r"((uint32_t)guest.fs), "r"((uint32_t)guest.gs));
        __asm__ volatile("wrfsbase %0\n wrgsbase %1" ::"r"(guest.fs_base), "r"(guest.gs_base));
      }
      return;
    }
  }
  if (!running) {
    greg_t *g = context->uc_mcontext.gregs;
    dprintf(2, "runner: signal %d in the runner itself, trap %lld at %llx, address %llx\n", signal, g[REG_TRAPNO], g[REG_RIP],
            g[REG_CR2]);
    _exit(3);
  }
  running = 0;
  ended_by = signal;
  frame = *context;
  memcpy(fpu, context->uc_mcontext.fpregs, fpu_bytes);
  longjmp(resume, 1);
}

static const int REGISTERS[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                  REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
#define AT(type, offset) (*(type *)(fpu + (offset)))
enum { XSTATE_BV = 512, YMM_HIGH = 576 };

static __attribute__((noinline)) void load(const struct state *s) {
  frame = blank;
  memcpy(fpu, blank_fpu, fpu_bytes);
  greg_t *g = frame.uc_mcontext.gregs;
  for (int i = 0; i < 16; i++) g[REGISTERS[i]] = s->gpr[i];
  g[REG_RIP] = s->rip;
  g[REG_EFL] = s->flags;
  g[REG_CSGSFS] = s->selector[CS] | (uint64_t)s->selector[SS] << 48;
  frame.uc_mcontext.fpregs = (void *)fpu;
  AT(uint64_t, XSTATE_BV) = 7;
  AT(uint16_t, 0) = s->cw;
  AT(uint16_t, 2) = s->sw;
  AT(uint16_t, 4) = s->tw;
  memset(fpu + 6, 0, 18);
  AT(uint32_t, 24) = s->mxcsr;
  memcpy(fpu + 32, s->st, sizeof s->st);
  for (int i = 0; i < 16; i++) {
    memcpy(fpu + 160 + 16 * i, s->ymm[i], 16);
    memcpy(fpu + YMM_HIGH + 16 * i, s->ymm[i] + 16, 16);
  }
}
static __attribute__((noinline)) void save(struct state *s) {
  greg_t *g = frame.uc_mcontext.gregs;
  for (int i = 0; i < 16; i++) s->gpr[i] = g[REGISTERS[i]];
  s->rip = g[REG_RIP];
  s->flags = g[REG_EFL];
  s->exception = ended_by == SIGALRM ? TIMEOUT : g[REG_TRAPNO];
  s->error = g[REG_ERR];
  s->cr2 = g[REG_CR2];
  uint16_t now[6] = {guest.es, g[REG_CSGSFS], (uint64_t)g[REG_CSGSFS] >> 48, guest.ds, guest.fs, guest.gs};
  memcpy(s->selector, now, sizeof now);
  s->fs_base = guest.fs_base;
  s->gs_base = guest.gs_base;
  uint64_t present = AT(uint64_t, XSTATE_BV);
  if (!(present & 1)) {
    memset(fpu, 0, 24), memset(fpu + 32, 0, 128);
    AT(uint16_t, 0) = 0x37f;
  }
  if (!(present & 2)) memset(fpu + 160, 0, 256);
  if (!(present & 4)) memset(fpu + YMM_HIGH, 0, 256);
  s->cw = AT(uint16_t, 0), s->sw = AT(uint16_t, 2), s->tw = AT(uint8_t, 4), s->fop = AT(uint16_t, 6);
  s->mxcsr = AT(uint32_t, 24);
  memcpy(s->st, fpu + 32, sizeof s->st);
  for (int i = 0; i < 16; i++) {
    memcpy(s->ymm[i], fpu + 160 + 16 * i, 16);
    memcpy(s->ymm[i] + 16, fpu + YMM_HIGH + 16 * i, 16);
  }
}

/** Into the test; comes back when a signal has ended it. */
static __attribute__((noinline)) void enter(const struct state *s) {
  if (!_setjmp(resume)) {
    uint64_t es = s->selector[ES], ds = s->selector[DS], fs = s->selector[FS], gs = s->selector[GS];
    int own_bases = s->mode == 64;
    running = 1;
    __asm__ volatile(
        "mov %w[fs], %%fs\n mov %w[gs], %%gs\n"
        "test %[own], %[own]\n jz 1f\n"
        "wrfsbase %[fsb]\n wrgsbase %[gsb]\n"
        "1: mov %w[es], %%es\n mov %w[ds], %%ds\n"
        "mov %[frame], %%rsp\n mov $15, %%eax\n syscall\n ud2\n" ::[fs] "r"(fs), [gs] "r"(gs), [es] "r"(es), [ds] "r"(ds),
        [own] "r"(own_bases), [fsb] "r"(s->fs_base), [gsb] "r"(s->gs_base), [frame] "D"(&frame)
        : "rax", "rcx", "r11", "memory");
    __builtin_unreachable();
  }
}
static void run(struct state *s) {
  load(s);
  test_number++;
  enter(s);
  save(s);
}

static int get(void *to, size_t bytes) { return fread(to, 1, bytes, stdin) == bytes; }
static void put(const void *from, size_t bytes) {
  if (fwrite(from, 1, bytes, stdout) != bytes) fail("write");
}

// Runs of changed bytes in pieces of a patch.
enum { MOST = 1024 };
static struct patch changes[MOST];
static unsigned changed(const uint8_t *before) {
  unsigned count = 0;
  for (uint64_t page = 0; page < TOTAL; page += 4096) {
    if (!memcmp(memory + page, before + page, 4096)) continue;
    for (uint64_t i = page; i < page + 4096; i++) {
      if (memory[i] == before[i]) continue;
      struct patch *p = &changes[count++];
            p->address = i < LOW_BYTES ? LOW + i : FAR + (i - LOW_BYTES);
      p->length = 0;
      while (p->length < 64 && i < page + 4096 && memory[i] != before[i]) p->bytes[p->length++] = memory[i++];
      i--;
      if (count == MOST) return count;
    }
  }
  return count;
}

static void undo(const struct patch *list, uint32_t count, uint8_t *before) {
  for (uint32_t i = 0; i < count; i++) {
    for (uint64_t at = 0; at < list[i].length && at < 64; at++) {
      uint8_t *byte = place(list[i].address + at);
      if (byte) *byte = before[byte - memory] = pristine[byte - memory];
    }
  }
}

int main(int count, char **arguments) {
  __asm__ volatile("rdfsbase %0" : "=r"(host_fs));
  make_memory();
  make_segments(arguments + 1);
  static uint8_t stack[1 << 17];
  stack_t other = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&other, NULL);
  struct sigaction action = {.sa_sigaction = entered, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | SA_RESTART};
  const int signals[] = {SIGUSR1, SIGALRM, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS};
  for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++) sigaction(signals[i], &action, NULL);
  raise(SIGUSR1);
  struct itimerval tick = {{0, 200000}, {0, 200000}};
  setitimer(ITIMER_REAL, &tick, NULL);
  static struct state s;
  static struct patch patches[64];
  uint8_t *before = malloc(TOTAL);
  memcpy(before, pristine, TOTAL);
  while (get(&s, sizeof s)) {
    uint32_t given = s.patches;
    if (given > 64 || !get(patches, given * sizeof *patches)) fail("patches");
    for (uint32_t i = 0; i < given; i++) {
      for (uint64_t at = 0; at < patches[i].length && at < 64; at++) {
        uint8_t *byte = place(patches[i].address + at);
        if (byte) *byte = before[byte - memory] = patches[i].bytes[at];
      }
    }
    run(&s);
    s.patches = changed(before);
    put(&s, sizeof s);
    put(changes, s.patches * sizeof *changes);
    if (s.patches == MOST) {
      memcpy(memory, pristine, TOTAL);
      memcpy(before, pristine, TOTAL);
    }
    undo(changes, s.patches, before);
    undo(patches, given, before);
  }
  return 0;
}
