// bench_start: how long a person waits for `satchel status` on a home with many students, and for the check of one portrait.
//   build/bench/bench_start [STUDENTS=10000] [RUNS=20]
// Builds a hub's home by importing a synthetic roster, then starts each program RUNS times, and prints the median and the slowest
// in milliseconds from the start of the process to its end, with /bin/true for comparison. Exit 1 when a command fails.
#include <algorithm>
#include <boost/json/parse.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "tests/support/process.h"
#include "tests/support/scratch.h"

namespace {

using namespace satchel::tests;
using Clock = std::chrono::steady_clock;

struct Times {
  double median_ms = 0;
  double slowest_ms = 0;
};

Outcome must(const Launch& launch) {
  Outcome outcome = run(launch, std::chrono::seconds(600));
  if (outcome.exit != 0) throw std::runtime_error(launch.program + " failed: " + outcome.out + outcome.err);
  return outcome;
}

Times summarise(std::vector<double> ms) {
  std::sort(ms.begin(), ms.end());
  return {ms[ms.size() / 2], ms.back()};
}

Times measure(const Launch& launch, int runs) {
  std::vector<double> ms;
  for (int i = 0; i < runs; ++i) {
    const auto begin = Clock::now();
    must(launch);
    ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
  }
  return summarise(std::move(ms));
}

void print(const char* what, const Times& times, const Times& nothing) {
  std::printf("%-44s median %7.1f ms   slowest %7.1f ms   %6.1f x /bin/true\n", what, times.median_ms, times.slowest_ms,
              times.median_ms / nothing.median_ms);
  std::fflush(stdout);
}

Launch satchel(const std::string& home, std::vector<std::string> arguments) {
  std::vector<std::string> all{"--home", home, "--no-input"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return {SATCHEL_PROGRAM, all};
}

void bench_status(const Scratch& scratch, int students, int runs, const Times& nothing) {
  const std::string home = (scratch / "hub").string();
  const std::string roster = (scratch / "roster.csv").string();
  must(satchel(home, {"hub", "init", "--profile", std::string(SATCHEL_SOURCE_FOLDER) + "/examples/profiles/default.toml"}));
  // The roster's sites must be known, so one is enrolled for all students.
  must(satchel((scratch / "site").string(), {"site", "init", "--name", "village", "--out", (scratch / "request").string()}));
  must(satchel(home, {"hub", "enroll", (scratch / "request").string(), "--out", (scratch / "card").string()}));
  must({SATCHEL_ROSTER_PROGRAM, {"--seed", "1", "--students", std::to_string(students), "--sites", "village", "--out", roster}});
  const auto begin = Clock::now();
  must(satchel(home, {"roster", "import", roster}));
  std::printf("roster import of %d students: %.1f s\n", students, std::chrono::duration<double>(Clock::now() - begin).count());
  print("satchel status (text)", measure(satchel(home, {"status"}), runs), nothing);
  print("satchel status --json", measure(satchel(home, {"--json", "status"}), runs), nothing);
  Process node(satchel(home, {"--json", "run", "--listen", "127.0.0.1:0"}));
  if (!node.wait_for_line(std::chrono::seconds(60))) throw std::runtime_error("the node does not start: " + node.err());
  print("satchel status --json, the node running", measure(satchel(home, {"--json", "status"}), runs), nothing);
  node.send(15);
  node.wait(std::chrono::seconds(60));
}

void bench_check(const Scratch& scratch, int runs, const Times& nothing) {
  const std::string photo = std::string(SATCHEL_PEOPLE_FOLDER) + "/person-1-0.jpg";
  const Launch check = satchel((scratch / "none").string(), {"--json", "check", photo});
  print("satchel check, one 960x1280 portrait, process", measure(check, runs), nothing);
  std::vector<double> ms;
  for (int i = 0; i < runs; ++i)
    ms.push_back(boost::json::parse(must(check).out).as_object().at("elapsed_ms").to_number<double>());
  print("    of that the check itself (elapsed_ms)", summarise(std::move(ms)), nothing);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const int students = argc > 1 ? std::atoi(argv[1]) : 10000;
    const int runs = argc > 2 ? std::atoi(argv[2]) : 20;
    if (students < 1 || runs < 1) throw std::runtime_error("usage: bench_start [STUDENTS] [RUNS]");
    const Scratch scratch;
    const Times nothing = measure({"/bin/true", {}}, runs);
    print("/bin/true", nothing, nothing);
    bench_status(scratch, students, runs, nothing);
    bench_check(scratch, runs, nothing);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
