/* Preloaded into the real program, so that a test can say what day it is. VIRTUAL_CLOCK names a file of two numbers, which may
   change while the program runs: the wall time in nanoseconds, and this machine's monotonic time when that was written. The wall
   clock and the clock of what locks and drafts last (CLOCK_BOOTTIME) then stand still there, so that a statement made again is the
   same to the byte; with VIRTUAL_CLOCK_RUNS they run on from there, for links, whose patience is measured by them. All other
   clocks are the machine's.
   With VIRTUAL_CHANCE, a number, what the program draws repeats as well: a picture that is sealed again is the same to the byte. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static const int64_t kSecond = 1000000000;
static const int64_t kBooted = 1577836800; /* 2020-01-01: the virtual machine has been up since then */

struct Told {
  int64_t wall_ns;
  int64_t mono_ns;
};

static const volatile struct Told* told(void) {
  static const volatile struct Told* at;
  static int asked;
  if (!asked) {
    const char* path = getenv("VIRTUAL_CLOCK");
    const int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd >= 0) {
      void* memory = mmap(NULL, sizeof(struct Told), PROT_READ, MAP_SHARED, fd, 0);
      if (memory != MAP_FAILED) at = memory;
      close(fd);
    }
    asked = 1;
  }
  return at;
}

/* Stands before libsodium's. Without VIRTUAL_CHANCE it is the machine's chance (getrandom(2)); with it splitmix64, which is fit for
   no key of anything real. */
void randombytes_buf(void* const buffer, const size_t size) {
  static uint64_t state;
  static int asked;
  static const char* seed;
  if (!asked) {
    seed = getenv("VIRTUAL_CHANCE");
    if (seed) state = strtoull(seed, NULL, 10);
    asked = 1;
  }
  unsigned char* out = buffer;
  size_t done = 0;
  while (!seed && done < size) {
    const long got = syscall(SYS_getrandom, out + done, size - done, 0);
    if (got > 0) done += (size_t)got;
  }
  while (done < size) {
    uint64_t z = (state += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    z ^= z >> 31;
    for (int i = 0; i < 8 && done < size; ++i, ++done) out[done] = (unsigned char)(z >> (8 * i));
  }
}

int clock_gettime(clockid_t which, struct timespec* out) {
  const volatile struct Told* now = which == CLOCK_REALTIME || which == CLOCK_BOOTTIME ? told() : NULL;
  if (!now) return (int)syscall(SYS_clock_gettime, which, out);
  int64_t ns = now->wall_ns;
  if (getenv("VIRTUAL_CLOCK_RUNS")) {
    struct timespec mono;
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &mono);
    ns += (int64_t)mono.tv_sec * kSecond + mono.tv_nsec - now->mono_ns;
  }
  if (which == CLOCK_BOOTTIME) ns -= kBooted * kSecond;
  out->tv_sec = (time_t)(ns / kSecond);
  out->tv_nsec = (long)(ns % kSecond);
  return 0;
}

/* What libraries ask that stamp the day into a file. */
time_t time(time_t* const out) {
  struct timespec at;
  clock_gettime(CLOCK_REALTIME, &at);
  if (out != NULL) *out = at.tv_sec;
  return at.tv_sec;
}
