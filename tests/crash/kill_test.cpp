// kill -9 at random moments of capture, submit, sync (the site's side, the hub's, the relay's) and merge. After each: nothing
// that was acknowledged is lost, log verify is clean, and the next sync finishes the job; in the end every node agrees and no
// number was used twice (the hub would show it as E-EQUIVOCATION).
//   SATCHEL_CRASH_RUNS=200 SATCHEL_CRASH_SEED=7 build/tests/crash
#include <signal.h>

#include <array>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <thread>

#include "tests/support/seeded_rng.h"
#include "tests/support/world.h"

using namespace satchel::tests;
namespace fs = std::filesystem;
namespace json = boost::json;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

enum class Victim { capture, submit, site_sync, hub_sync, relay_sync, merge };
constexpr std::array kVictims{Victim::capture,  Victim::submit,     Victim::site_sync,
                              Victim::hub_sync, Victim::relay_sync, Victim::merge};
constexpr std::array kVictimNames{"capture",           "submit",          "sync at the site", "sync at the hub",
                                  "sync at the relay", "merge at the hub"};

/// A node that is started anew on the same port after each kill.
class Server {
 public:
  Server(const NodeHome& home, Arguments more) : home_(home), more_(std::move(more)) { start(); }

  const std::string& address() const { return address_; }
  Process& process() { return *process_; }
  void kill_now() {
    process_->send(SIGKILL);
    process_->wait(std::chrono::seconds(30));
  }
  void start() {
    Arguments arguments{"run", "--listen", address_.empty() ? "127.0.0.1:0" : address_};
    arguments.insert(arguments.end(), more_.begin(), more_.end());
    process_ = std::make_unique<Process>(home_.start(arguments));
    const bool ready = process_->wait_for_line(kCommandTime);
    INFO(home_.name() << " starts again: " << process_->out() << process_->err());
    REQUIRE(ready);
    const std::string line = process_->out();
    address_ = text_at(parse_json(line.substr(0, line.find('\n'))).as_object(), "listen");
  }
  void stop() {
    process_->send(SIGTERM);
    REQUIRE(process_->wait(kCommandTime).exit == 0);
  }

 private:
  const NodeHome& home_;
  Arguments more_;
  std::string address_;
  std::unique_ptr<Process> process_;
};

class Ordeal {
 public:
  Ordeal(World& world, std::uint64_t seed)
      : world_(world), rng_(seed), hub_(world.hub, {}), relay_(world.relay, {"--peer", hub_.address()}) {
    world_.deliver_by_stick(world_.hub, world_.east);
    typical_.fill(milliseconds(400));
  }

  /// One kill and all that has to hold after it.
  void run(Victim victim, const Person& person) {
    INFO("kill during " << kVictimNames[static_cast<std::size_t>(victim)]);
    switch (victim) {
      case Victim::capture: kill_capture(person); break;
      case Victim::submit: kill_submit(person); break;
      case Victim::site_sync: kill_meeting(person, victim); break;
      case Victim::hub_sync: kill_meeting(person, victim); break;
      case Victim::relay_sync: kill_meeting(person, victim); break;
      case Victim::merge: kill_merge(person); break;
    }
    require_kept();
  }

  /// All nodes agree, and nothing was written twice under one number.
  void require_whole() {
    finish(hub_.address());
    hub_.stop();
    relay_.stop();
    for (const NodeHome* node : {&world_.hub, &world_.east, &world_.relay}) {
      INFO(node->name());
      REQUIRE(node->ask({"log", "verify"}).at("faults").as_array().empty());
    }
    REQUIRE(count(world_.hub, "submitted") == count(world_.east, "submitted"));
    REQUIRE(count(world_.hub, "submitted") >= static_cast<std::int64_t>(submitted_.size()));
  }

  std::size_t kills() const { return kills_; }

 private:
  static std::int64_t count(const NodeHome& home, const char* what) {
    return number_at(home.ask({"status"}).at("students").as_object(), what);
  }

  /// Waits a random share of how long this step usually takes (a little more, so that some get through), then kills.
  /// True when `process` had ended by itself before.
  bool kill_sometime(Victim victim, Process& process, Process& target) {
    milliseconds& typical = typical_[static_cast<std::size_t>(victim)];
    const auto wait = milliseconds(rng_.below(static_cast<std::uint64_t>(typical.count()) * 6 / 5 + 1));
    const auto begin = steady_clock::now();
    while (steady_clock::now() - begin < wait && process.running()) std::this_thread::sleep_for(milliseconds(1));
    if (!process.running()) {
      typical = std::max(milliseconds(20), std::chrono::duration_cast<milliseconds>(steady_clock::now() - begin));
      return true;
    }
    if (&process == &target) target.send(SIGKILL);
    ++kills_;
    return false;
  }

  void kill_capture(const Person& person) {
    Process capture =
        world_.east.start({"capture", "--code", world_.code(person).string(), "--photo", good_photo(photo_++).string()});
    if (!kill_sometime(Victim::capture, capture, capture)) return;
    const Outcome outcome = capture.wait(kCommandTime);
    INFO(outcome.out << outcome.err);
    REQUIRE(outcome.exit == 0);
    remember_draft(parse_json(outcome.out).as_object());
  }

  void kill_submit(const Person& person) {
    const json::object captured =
        world_.east.ask({"capture", "--code", world_.code(person).string(), "--photo", good_photo(photo_++).string()});
    remember_draft(captured);
    const std::string student = text_at(captured, "student");
    Process submit = world_.east.start({"submit", student});
    if (!kill_sometime(Victim::submit, submit, submit)) return;
    const Outcome outcome = submit.wait(kCommandTime);
    INFO(outcome.out << outcome.err);
    REQUIRE(outcome.exit == 0);
    submitted_.insert(student);
  }

  void remember_draft(const json::object& captured) { drafts_[text_at(captured, "student")].insert(text_at(captured, "draft")); }

  void submit_whole(const Person& person) {
    const json::object captured = world_.submit(world_.east, person, photo_++);
    remember_draft(captured);
    submitted_.insert(text_at(captured, "student"));
  }

  void kill_meeting(const Person& person, Victim victim) {
    submit_whole(person);
    const std::string peer = victim == Victim::relay_sync ? relay_.address() : hub_.address();
    Process sync = world_.east.start({"sync", "--peer", peer, "--until-done", "--deadline", "60s"});
    Server* server = victim == Victim::hub_sync ? &hub_ : victim == Victim::relay_sync ? &relay_ : nullptr;
    Process& target = server == nullptr ? sync : server->process();
    if (kill_sometime(victim, sync, target)) return;
    if (server != nullptr) server->kill_now();
    sync.send(SIGKILL);  // it would wait for its peer for as long as it was told to
    sync.wait(kCommandTime);
    if (server != nullptr) server->start();
    finish(peer);
  }

  void kill_merge(const Person& person) {
    submit_whole(person);
    const fs::path stick = world_.folder() / ("merge" + std::to_string(photo_));
    fs::create_directories(stick);
    world_.east.ask({"stick", "write", stick.string()});
    Process merge = world_.hub.start({"stick", "read", stick.string()});
    const bool ended = kill_sometime(Victim::merge, merge, hub_.process());
    hub_.kill_now();
    merge.wait(kCommandTime);
    hub_.start();
    const Outcome again = world_.hub.say({"--json", "stick", "read", stick.string()});
    INFO(again.out << again.err);
    REQUIRE((again.exit == 0 || (ended && again.exit == 3)));
    REQUIRE(count(world_.hub, "submitted") == count(world_.east, "submitted"));
  }

  /// The next sync does all that is left, and brings the hub's word that it has opened it.
  void finish(const std::string& peer) {
    const json::object synced = world_.east.ask({"sync", "--peer", peer, "--until-done", "--deadline", "100s"});
    INFO(json::serialize(synced));
    REQUIRE(text_at(synced, "outcome") == "done");
    REQUIRE(json::serialize(synced).find("E-EQUIVOCATION") == std::string::npos);
    REQUIRE(count(world_.east, "stored_at_hub") == count(world_.east, "submitted"));
  }

  void require_kept() {
    REQUIRE(world_.east.ask({"log", "verify"}).at("faults").as_array().empty());
    REQUIRE(world_.hub.ask({"log", "verify"}).at("faults").as_array().empty());
    for (const auto& [student, expected] : drafts_) {
      std::set<std::string> found;
      const json::object listed = world_.east.ask({"drafts", student});
      for (const json::value& draft : listed.at("drafts").as_array()) found.insert(text_at(draft.as_object(), "id"));
      INFO(json::serialize(listed));
      for (const std::string& id : expected) REQUIRE(found.contains(id));
    }
    const json::object status = world_.east.ask({"status", "--site", world_.east.name()});
    std::set<std::string> shown;
    for (const json::value& row : status.at("list").as_array()) {
      if (row.as_object().at("submitted").as_bool()) shown.insert(text_at(row.as_object(), "student"));
    }
    for (const std::string& student : submitted_) REQUIRE(shown.contains(student));
    if (drafts_.size() > 8) drafts_.clear();  // looked at often enough; the submissions are looked at to the end
  }

  World& world_;
  SeededRng rng_;
  Server hub_;
  Server relay_;
  std::array<milliseconds, kVictims.size()> typical_{};
  std::map<std::string, std::set<std::string>> drafts_;  ///< acknowledged, by student
  std::set<std::string> submitted_;                      ///< acknowledged
  int photo_ = 0;
  std::size_t kills_ = 0;
};

}  // namespace

TEST_CASE("kill -9 at random moments loses nothing acknowledged, and the next sync finishes the job") {
  const std::uint64_t runs = from_environment("SATCHEL_CRASH_RUNS", 12);
  const std::uint64_t seed = from_environment("SATCHEL_CRASH_SEED", 1);
  std::cerr << "SATCHEL_CRASH_RUNS=" << runs << " SATCHEL_CRASH_SEED=" << seed << "\n";
  const Scratch scratch;
  World world(scratch, {.students = static_cast<int>(runs) * 2 + 4, .seed = seed});
  const std::vector<Person> people = world.people_of(world.east);
  REQUIRE(people.size() >= runs);
  Ordeal ordeal(world, seed);
  for (std::uint64_t run = 0; run < runs; ++run) {
    INFO("SATCHEL_CRASH_SEED=" << seed << " run " << run);
    ordeal.run(kVictims[run % kVictims.size()], people[run]);
  }
  ordeal.require_whole();
  std::cerr << ordeal.kills() << " of " << runs << " were killed before they had ended\n";
  CHECK(ordeal.kills() * 4 >= runs);
}
