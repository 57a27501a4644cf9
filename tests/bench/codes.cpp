// bench_codes: how long a hub takes to issue the collection codes of a whole campaign.
//   build/bench/bench_codes [STUDENTS=10000]
// Builds a hub's home by importing a synthetic roster, runs `satchel code issue` on it, and then draws and encodes as many codes
// of the same length with nothing around, in one thread: the ratio says what sealing, signing and the disk add. Exit 1 when a
// command fails or fewer pictures lie there than students.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "core/code/qr.h"
#include "core/portrait/encode.h"
#include "tests/support/process.h"
#include "tests/support/scratch.h"

namespace {

using namespace satchel::tests;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

void must(const Launch& launch) {
  const Outcome outcome = run(launch, std::chrono::seconds(1200));
  if (outcome.exit != 0) throw std::runtime_error(launch.program + " failed: " + outcome.out + outcome.err);
}

Launch satchel_on(const std::string& home, std::vector<std::string> arguments) {
  std::vector<std::string> all{"--home", home, "--no-input"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return {SATCHEL_PROGRAM, all};
}

/// As long as an issued code's text.
std::string text_of(int number) { return "SC1." + std::string(250, 'q') + std::to_string(1'000'000 + number); }

void bench(const Scratch& scratch, int students) {
  const std::string home = (scratch / "hub").string();
  const std::string roster = (scratch / "roster.csv").string();
  const std::string profile = std::string(SATCHEL_SOURCE_FOLDER) + "/examples/profiles/default.toml";
  must(satchel_on(home, {"hub", "init", "--profile", profile}));
  must(satchel_on((scratch / "site").string(), {"site", "init", "--name", "village", "--out", (scratch / "request").string()}));
  must(satchel_on(home, {"hub", "enroll", (scratch / "request").string(), "--out", (scratch / "card").string()}));
  must({SATCHEL_ROSTER_PROGRAM, {"--seed", "1", "--students", std::to_string(students), "--sites", "village", "--out", roster}});
  must(satchel_on(home, {"roster", "import", roster}));

  const auto begin = Clock::now();
  must(satchel_on(home, {"code", "issue", "--out", (scratch / "codes").string()}));
  const double issued_s = seconds_since(begin);
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(scratch / "codes")) files += entry.is_regular_file() ? 1 : 0;
  if (files != students)
    throw std::runtime_error(std::to_string(files) + " pictures for " + std::to_string(students) + " students");

  const auto alone = Clock::now();
  std::size_t bytes = 0;
  for (int i = 0; i < students; ++i) {
    const auto image = satchel::core::draw_qr(text_of(i), 8);
    if (!image) throw std::runtime_error("a code cannot be drawn");
    const auto png = satchel::core::portrait::encode_gray_png(image->width, image->height, image->gray);
    if (!png) throw std::runtime_error("a code cannot be encoded");
    bytes += png->size();
  }
  const double alone_s = seconds_since(alone);
  std::printf("code issue, %d codes: %.1f s (%.2f ms each)\n", students, issued_s, 1000 * issued_s / students);
  std::printf("QR and PNG alone, one thread: %.1f s, %.0f bytes each; ratio %.2f\n", alone_s,
              static_cast<double>(bytes) / students, issued_s / alone_s);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const int students = argc > 1 ? std::atoi(argv[1]) : 10000;
    if (students < 1) throw std::runtime_error("usage: bench_codes [STUDENTS]");
    const Scratch scratch;
    bench(scratch, students);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
