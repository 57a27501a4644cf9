#include "core/crypto/secret.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>
#include <functional>
#include <thread>
#include <vector>

#include "core/base/check.h"
#include "core/crypto/secret_arena.h"
#include "tests/support/seeded_rng.h"
#include "tests/support/with_crypto.h"

using namespace satchel;
using core::SecretBytes;

namespace {

/// How a child of this process ends that does so: the signal, or 0 when it comes to its end.
int signal_of(const std::function<void()>& what) {
  const pid_t child = fork();
  if (child == 0) {
    // Neither the test's handlers nor a report of the sanitizer's; the default ends the process by the signal.
    for (const int each : {SIGABRT, SIGSEGV, SIGBUS}) std::signal(each, SIG_DFL);
    what();
    _exit(0);
  }
  int status = 0;
  SATCHEL_CHECK(waitpid(child, &status, 0) == child);
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

bool all_zero(core::ByteView bytes) {
  return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

/// With a look at places that the compiler may not know to be outside of the object.
std::uint8_t* beyond(SecretBytes& secret, std::ptrdiff_t by) {
  std::uint8_t* volatile at = secret.span().data();
  return at + by;
}

}  // namespace

TEST_CASE("a secret is zero when it is made and wiped when it goes") {
  for (const std::size_t size : {1U, 32U, 64U, 96U, 97U, 5000U}) {
    SecretBytes first{size};
    CHECK(first.size() == size);
    CHECK(all_zero(first.view()));
    std::ranges::fill(first.span(), std::uint8_t{0xA5});
    first = SecretBytes{};
    // The next of that size lies where the first one lay.
    CHECK(all_zero(SecretBytes{size}.view()));
  }
  SecretBytes kept{32};
  const std::uint8_t* place = kept.view().data();
  std::ranges::fill(kept.span(), std::uint8_t{0xA5});
  kept = SecretBytes{};
  CHECK(all_zero({place, 32}));  // small ones stay readable, and hold nothing
}

TEST_CASE("many secrets of many sizes live side by side and keep their content") {
  tests::SeededRng rng{5};
  INFO("seed " << rng.seed());
  struct Kept {
    SecretBytes secret;
    core::Bytes copy;
  };
  std::vector<Kept> kept;
  for (int i = 0; i < 4000; ++i) {
    if (kept.size() > 300 || (!kept.empty() && rng.below(3) == 0)) {
      const std::size_t which = rng.below(kept.size());
      REQUIRE(core::constant_time_equal(kept[which].secret.view(), kept[which].copy));
      std::swap(kept[which], kept.back());
      kept.pop_back();
      continue;
    }
    core::Bytes content(1 + rng.below(140));
    rng.fill(content);
    kept.push_back({SecretBytes{core::ByteView{content}}, content});
  }
  for (const Kept& each : kept) CHECK(core::constant_time_equal(each.secret.view(), each.copy));
}

TEST_CASE("secrets are made and released by several threads at once") {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([t] {
      for (int i = 0; i < 2000; ++i) {
        SecretBytes secret{32};
        std::ranges::fill(secret.span(), static_cast<std::uint8_t>(t + 1));
        const SecretBytes copy = secret.clone();
        SATCHEL_CHECK(std::ranges::all_of(copy.view(), [t](std::uint8_t byte) { return byte == t + 1; }));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_CASE("a write past either end of a secret ends the process when the secret is released") {
  for (const std::size_t size : {32U, 64U, 96U}) {
    const auto spoil = [size](std::ptrdiff_t at) {
      return signal_of([size, at] {
        SecretBytes secret{size};
        *beyond(secret, at) ^= 1U;
      });
    };
    CHECK(spoil(0) == 0);
    CHECK(spoil(static_cast<std::ptrdiff_t>(size) - 1) == 0);
    CHECK(spoil(-1) == SIGABRT);
    CHECK(spoil(-16) == SIGABRT);
    CHECK(spoil(static_cast<std::ptrdiff_t>(size)) == SIGABRT);
    CHECK(spoil(static_cast<std::ptrdiff_t>(size) + 15) == SIGABRT);
  }
}

TEST_CASE("whoever runs far past the secrets meets an unreadable page") {
  // An arena is 16 KiB: a run of twice that leaves it on its way, up or down.
  for (const int step : {1, -1}) {
    const int signal = signal_of([step] {
      SecretBytes secret{32};
      std::uint8_t sum = 0;
      for (std::ptrdiff_t at = 0; at < 2 * 16'384; ++at) sum = static_cast<std::uint8_t>(sum + *beyond(secret, step * at));
      volatile std::uint8_t seen = sum;
      static_cast<void>(seen);
    });
    CHECK((signal == SIGSEGV || signal == SIGBUS));
  }
}
