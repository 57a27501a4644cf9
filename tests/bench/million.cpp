// bench_million: what a hub of very many students costs: status by student, by class, as totals, and taking bundles in.
//   build/bench/bench_million [STUDENTS=1000000] [FOLDER]
// FOLDER: where the hubs' homes are made (default: the temporary folder of the system; a million students take some 2 GB).
// Fills a hub through the real ledger (a row a student, 300 sites, classes of 50; some minutes), then prints the median of each
// question in this process and as a process of its own, the processor time a bundle of captures takes beside a hub of 10,000, and
// the peak of this process's memory. Exit 1 when a row misses what was wanted.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "core/crypto/secret.h"
#include "node/node.h"
#include "node/reports.h"
#include "node/status.h"
#include "node/system_clock.h"
#include "node/system_disk.h"
#include "node/system_rng.h"
#include "tests/bench/stopwatch.h"
#include "tests/bench/written.h"
#include "tests/support/process.h"
#include "tests/support/scratch.h"

namespace {

namespace fs = std::filesystem;
using namespace satchel;
using tests::Spent;
using tests::Stopwatch;
using tests::Written;

constexpr std::uint32_t kSites = 300;
constexpr std::uint64_t kClass = 50;
constexpr std::size_t kMerged = 1000;  ///< bundles in one round
constexpr int kRounds = 5;
constexpr std::uint64_t kFewStudents = 10'000;

bool all_met = true;

template <class T>
T must(core::Result<T> result) {
  if (!result) throw std::runtime_error(std::string(core::info(result.error().code).id) + " " + result.error().detail);
  return *std::move(result);
}
void must(const core::Result<void>& result) {
  if (!result) throw std::runtime_error(std::string(core::info(result.error().code).id) + " " + result.error().detail);
}

double peak_mb() {
  std::ifstream status{"/proc/self/status"};
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
  }
  return 0;
}

void print(const std::string& what, double value, const char* unit, double most) {
  const bool met = most <= 0 || value <= most;
  all_met = all_met && met;
  if (most > 0) {
    std::printf("%-58s %9.1f %s   wanted %.0f%s\n", what.c_str(), value, unit, most, met ? "" : "   MISSED");
  } else {
    std::printf("%-58s %9.1f %s\n", what.c_str(), value, unit);
  }
  std::fflush(stdout);
}

std::string class_of(std::uint64_t student) { return "class " + std::to_string(student / kClass); }

class Hub {
 public:
  Hub(const fs::path& home, std::uint64_t students) : home_(home), students_(students) {
    node_ = must(node::Node::create(surroundings_, home.string(), {core::Role::hub, "hub"}));
    const core::Identity& keys = node_->identity();
    const core::Identity recovery = core::make_identity(rng_);
    core::Founding founding = core::make_founding("bench", keys, recovery.box.public_key, rng_);
    sites_ = std::make_unique<tests::WrittenSites>(founding, keys.sign, kSites, 1);
    const core::Bytes toml = must(disk_.read(SATCHEL_PROFILE, core::kProfileMax));
    node::Meta::Campaign campaign{founding, core::kHubNumber, core::make_campaign_secrets(rng_),
                                  core::sign_profile(founding.id(), 1, toml, keys.sign)};
    std::vector<core::Member> members = sites_->members();
    members.push_back(core::make_member(founding.id(), core::kHubNumber, core::Role::hub, "hub", keys.sign.public_key,
                                        keys.box.public_key, keys.sign));
    must(node_->enrol(campaign, members));
    for (std::uint32_t site = 0; site < kSites; ++site) fill(site);
    must(all().ledger->release());
  }

  node::Enrolled& all() { return *must(node_->enrolled()); }
  node::Node& node() { return *node_; }
  /// Gives the database back, for a process of its own.
  void close() { node_.reset(); }

  /// Processor time of one round of captures, taken in as from a stick; `round` draws other students each time.
  double merge_us(int round) {
    std::vector<Written> bundles;
    for (std::size_t i = 0; i < kMerged; ++i) {
      bundles.push_back(sites_->capture(1 + (i * 7919 + static_cast<std::uint64_t>(round) * 104'729) % students_));
    }
    protocol::Shelf& shelf = *all().shelf;
    const Stopwatch watch;
    for (const Written& one : bundles) {
      const auto begun = must(shelf.begin(one.header.bytes, one.previous));
      if (begun.outcome != protocol::Begin::Outcome::take) throw std::runtime_error("a bundle was not taken");
      for (std::size_t at = 0; at < one.body.size(); at += protocol::kPieceMax) {
        const core::ByteView rest = core::ByteView{one.body}.subspan(at);
        must(shelf.take(one.header.id, at, rest.first(std::min(rest.size(), protocol::kPieceMax)), protocol::Shelf::Pace::fast));
      }
    }
    must(shelf.flush());
    must(node_->digest_arrivals());
    must(all().ledger->release());
    return watch.spent().cpu_s / static_cast<double>(kMerged) * 1e6;
  }

 private:
  /// The students of a site are those whose number leaves it as the rest (tests/bench/written.h).
  void fill(std::uint32_t site) {
    node::Ledger::Turn turn = all().ledger->turn();
    for (std::uint64_t student = site; student <= students_; student += kSites) {
      if (student == 0) continue;
      core::RosterFact row;
      row.student = {student};
      row.version = 1;
      row.site = core::NodeNumber{site + 1};
      row.student_number = "2026" + std::to_string(10'000'000 + student);
      row.name = "学生" + std::to_string(student);
      row.id_number = "000000200001010000";
      row.enrolled_on = "20230901";
      row.level = "专升本";
      row.site_name = "site " + std::to_string(site + 1);
      row.class_name = class_of(student);
      must(turn.state(core::Audience{site + 1}, core::Lane::record, row));
    }
    must(turn.commit());
  }

  fs::path home_;
  std::uint64_t students_;
  node::SystemDisk disk_;
  node::SystemClock clock_;
  node::SystemRng rng_;
  node::Surroundings surroundings_{disk_, clock_, rng_, ""};
  std::unique_ptr<tests::WrittenSites> sites_;
  std::unique_ptr<node::Node> node_;
};

using Operation = core::Result<node::Answer> (*)(node::Node&, const boost::json::object&, const node::Progress&);

void ask(Hub& hub, const std::string& what, Operation operation, const boost::json::object& arguments, double most_ms) {
  std::vector<double> ms;
  for (int i = 0; i < 21; ++i) {
    const Stopwatch watch;
    static_cast<void>(must(operation(hub.node(), arguments, {})));
    ms.push_back(watch.spent().wall_s * 1e3);
  }
  print(what, tests::median(ms), "ms", most_ms);
}

void ask_process(const fs::path& home, const std::string& what, std::vector<std::string> words, double most_ms) {
  std::vector<std::string> arguments{"--home", home.string(), "--no-input", "--json", "status"};
  arguments.insert(arguments.end(), words.begin(), words.end());
  std::vector<double> ms;
  for (int i = 0; i < 11; ++i) {
    const Stopwatch watch;
    const tests::Outcome outcome = tests::run({SATCHEL_PROGRAM, arguments}, std::chrono::seconds(60));
    if (outcome.exit != 0) throw std::runtime_error(outcome.err);
    ms.push_back(watch.spent().wall_s * 1e3);
  }
  print(what, tests::median(ms), "ms", most_ms);
}

void measure(const fs::path& folder, std::uint64_t students) {
  Hub few{folder / "few", kFewStudents};
  const Stopwatch watch;
  Hub many{folder / "many", students};
  std::printf("filled with %llu students in %.0f s\n", static_cast<unsigned long long>(students), watch.spent().wall_s);
  print("memory, peak, after the filling", peak_mb(), "MB", 0);

  // In turns, because a shared machine is not as fast at every moment.
  std::vector<double> few_us;
  std::vector<double> many_us;
  for (int round = 0; round < kRounds; ++round) {
    few_us.push_back(few.merge_us(round));
    many_us.push_back(many.merge_us(round));
  }
  const double base = *std::min_element(few_us.begin(), few_us.end());
  print("a bundle of a capture merged, 10,000 students, CPU", base, "us", 0);
  print("    as many as there are, CPU", *std::min_element(many_us.begin(), many_us.end()), "us", base * 1.1);

  const std::string student = core::StudentRef{students / 2}.text();
  ask(many, "status by student, the node running", node::status, {{"student", student}}, 50);
  ask(many, "status by class of 50", node::status, {{"class", class_of(students / 2)}}, 100);
  ask(many, "status, campaign totals", node::status, {}, 100);
  ask(many, "report coverage (every class is a line)", node::report_coverage, {}, 0);
  print("memory, peak", peak_mb(), "MB", 500);
  many.close();
  ask_process(folder / "many", "satchel status --student, a process", {"--student", student}, 50);
  ask_process(folder / "many", "satchel status --class, a process", {"--class", class_of(students / 2)}, 100);
  ask_process(folder / "many", "satchel status, a process", {}, 100);
}

}  // namespace

int main(int argc, char** argv) {
  core::crypto_init();
  try {
    const std::uint64_t students = argc > 1 ? std::stoull(argv[1]) : 1'000'000;
    if (students < 2) throw std::runtime_error("usage: bench_million [STUDENTS] [FOLDER]");
    const tests::Scratch scratch;
    const fs::path folder = argc > 2 ? fs::path(argv[2]) : scratch.path();
    measure(folder, students);
    return all_met ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
