// sim_campaign: a whole campaign in virtual time with the program's own book, shelf, session, link and sticks: sites take
// portraits every day; most have a line that comes and goes, some only meet a relay that drives past, some only get a stick.
//   build/bench/sim_campaign [SITES [DAYS [PORTRAITS A DAY [SEED]]]]     1000, 30, 2 and 1 when nothing is said
// Pictures are scaled down (preview 300 B, photo 1 KB), so that what is counted is the protocol and not the pictures.
// node-days a CPU-minute: how fast it runs here. transfers: bundles that any machine took in, for each that the hub has (best
// possible: 1 with a line, 2 over a relay or a stick). late: days from the press of the button until the hub had it open.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <numeric>

#include "core/store/keys.h"
#include "tests/sim/machine.h"

namespace {

using namespace satchel;
using protocol::Session;
using tests::Machine;

constexpr std::int64_t kDay = 24 * 60 * tests::kMinute;
constexpr std::uint64_t kBytesPerSecond = 16'000;

enum class Way : std::uint8_t { line, relay, stick };

struct Count {
  std::uint64_t meetings = 0, wire_bytes = 0, stick_bytes = 0, transfers = 0;
};

struct Taken {
  core::RecordId id;
  std::int64_t at_us = 0;
  bool open = false;
};

class CampaignRun {
 public:
  CampaignRun(std::size_t sites, std::uint64_t seed) : rng_(seed), cast_(seed, roles(sites)) {
    for (std::size_t i = 0; i < cast_.members.size(); ++i) {
      machines_.push_back(std::make_unique<Machine>(events_, cast_, i, rng_.u64()));
      std::vector<core::Member> known{cast_.members.front(), cast_.members[i]};
      if (i == 0) known = cast_.members;
      SATCHEL_CHECK(machines_.back()->enrol(known).has_value());
      ways_.push_back(i % 10 == 8 ? Way::stick : i % 10 == 9 ? Way::relay : Way::line);
    }
    SATCHEL_CHECK(stick_.make_folder("usb").has_value());
  }

  /// True when the hub has everything open.
  bool day(std::size_t portraits) {
    const std::size_t sites = machines_.size() - 1 - relays();
    for (std::size_t site = 1; site <= sites; ++site) {
      advance(kDay / static_cast<std::int64_t>(sites));
      take_portraits(site, portraits);
      if (ways_[site] == Way::line && rng_.below(4) > 0) meet(site, 0);
      if (ways_[site] == Way::relay && (site / 10 + day_) % 3 == 0) meet(sites + 1 + site / 10 % relays(), site);
      if (ways_[site] == Way::stick && (site / 10 + day_) % 7 == 0) carry_stick(site);
    }
    for (std::size_t relay = sites + 1; relay < machines_.size(); ++relay) meet(relay, 0);
    ++day_;
    look();
    return std::all_of(taken_.begin(), taken_.end(), [](const Taken& each) { return each.open; });
  }

  std::size_t days() const { return day_; }
  std::size_t nodes() const { return machines_.size(); }
  const Count& count() const { return count_; }
  const std::vector<Taken>& taken() const { return taken_; }
  const std::vector<double>& late_days() const { return late_; }
  std::uint64_t bundles_at_hub() const {
    std::uint64_t out = 0;
    const core::Frontier held = machines_.front()->shelf->frontier();
    for (const auto& [log, seq] : held.entries()) out += log.author.node == core::kHubNumber ? 0 : seq.value;
    return out;
  }

 private:
  static constexpr std::size_t relays() { return 4; }
  static std::vector<core::Role> roles(std::size_t sites) {
    std::vector<core::Role> out{core::Role::hub};
    out.insert(out.end(), sites, core::Role::site);
    out.insert(out.end(), relays(), core::Role::relay);
    return out;
  }
  void advance(std::int64_t us) { events_.step(events_.now() + us); }

  void take_portraits(std::size_t site, std::size_t portraits) {
    for (std::size_t i = 0; i < portraits; ++i) {
      const auto done = machines_[site]->submit(core::StudentRef{++students_}, 300, 1'000, 0);
      SATCHEL_CHECK(done.has_value());
      taken_.push_back({done->submission, events_.now().value, false});
    }
  }

  /// Until both have nothing left to say.
  void meet(std::size_t from, std::size_t to) {
    Machine& a = *machines_[from];
    Machine& b = *machines_[to];
    auto sa = a.session_setup();
    auto sb = b.session_setup();
    SATCHEL_CHECK(sa && sb);
    std::array<Session, 2> sides{Session::caller(*std::move(sa), b.member, a.clock.mono()),
                                 Session::answerer(*std::move(sb), b.clock.mono())};
    std::array<std::uint64_t, 2> seen{};
    ++count_.meetings;
    for (int quiet = 0; quiet < 20;) {
      bool moved = false;
      for (std::size_t at = 0; at < 2; ++at) {
        Machine& here = at == 0 ? a : b;
        Machine& there = at == 0 ? b : a;
        const core::Bytes bytes =
            core::to_bytes(sides[at].pending().first(std::min<std::size_t>(sides[at].pending().size(), 4096)));
        if (bytes.empty()) continue;
        moved = true;
        count_.wire_bytes += bytes.size();
        advance(static_cast<std::int64_t>(bytes.size() * 1'000'000 / kBytesPerSecond));
        sides[at].sent(bytes.size(), here.clock.mono());
        SATCHEL_CHECK(sides[1 - at].receive(bytes, there.clock.mono()).has_value());
        digest(there, sides[1 - at], seen[1 - at]);
      }
      quiet = moved ? 0 : quiet + 1;
      if (!moved && sides[0].idle() && sides[1].idle()) break;
      if (moved) continue;
      advance(tests::kSecond);
      for (std::size_t at = 0; at < 2; ++at) static_cast<void>(sides[at].wake((at == 0 ? a : b).clock.mono()));
    }
    for (const Session& side : sides) {
      const auto received = side.stats().bundles_received;
      count_.transfers = std::accumulate(received.begin(), received.end(), count_.transfers);
    }
  }

  void digest(Machine& machine, Session& session, std::uint64_t& seen) {
    const protocol::SessionStats stats = session.stats();
    const std::uint64_t bundles = std::accumulate(stats.bundles_received.begin(), stats.bundles_received.end(), std::uint64_t{0});
    if (bundles + stats.receipts_received == seen) return;
    seen = bundles + stats.receipts_received;
    SATCHEL_CHECK(machine.digest().has_value());
    session.shelf_changed(machine.clock.mono());
  }

  void carry_stick(std::size_t site) {
    for (const std::size_t where : {site, std::size_t{0}, site}) {
      Machine& one = *machines_[where];
      if (const auto read = one.read_stick(stick_)) {
        for (const auto& lane : read->bundles) count_.transfers += lane.bundles;
        SATCHEL_CHECK(one.digest().has_value());
      }
      if (const auto written = one.write_stick(stick_)) count_.stick_bytes += written->bytes_written;
    }
  }

  void look() {
    for (Taken& each : taken_) {
      if (each.open) continue;
      const auto row = machines_.front()->store.get(core::keys::of(core::keys::kRecordIndex, each.id.view()));
      each.open = row && *row;
      if (each.open) late_.push_back(static_cast<double>(events_.now().value - each.at_us) / static_cast<double>(kDay));
    }
  }

  tests::EventQueue events_;
  tests::SeededRng rng_;
  tests::Cast cast_;
  std::vector<std::unique_ptr<Machine>> machines_;
  std::vector<Way> ways_;
  tests::MemoryDisk stick_;
  Count count_;
  std::vector<Taken> taken_;
  std::vector<double> late_;
  std::uint64_t students_ = 0;
  std::size_t day_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const auto number = [&](int at, std::size_t otherwise) {
    return argc > at ? static_cast<std::size_t>(std::strtoull(argv[at], nullptr, 10)) : otherwise;
  };
  const std::size_t sites = number(1, 1'000), days = number(2, 30), portraits = number(3, 2);
  core::crypto_init();
  const std::clock_t begun = std::clock();
  CampaignRun run{sites, number(4, 1)};
  bool all = false;
  for (std::size_t day = 0; day < days; ++day) all = run.day(portraits);
  const std::size_t last_portrait = run.days();
  while (!all && run.days() < last_portrait + 60) all = run.day(0);
  const double cpu_minutes = static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC / 60;
  const double node_days = static_cast<double>(run.nodes()) * static_cast<double>(run.days());
  std::vector<double> late = run.late_days();
  std::ranges::sort(late);
  const auto share = [&](double part) {
    return late.empty() ? 0.0 : late[static_cast<std::size_t>(part * static_cast<double>(late.size() - 1))];
  };
  const Count& count = run.count();
  const auto bundles = static_cast<double>(std::max<std::uint64_t>(1, run.bundles_at_hub()));
  std::printf("%-34s %12zu\n", "sites", sites);
  std::printf("%-34s %12lld\n", "days, portraits taken and calm", static_cast<long long>(run.days()));
  std::printf("%-34s %12zu\n", "portraits", run.taken().size());
  std::printf("%-34s %12s\n", "all at the hub", all ? "yes" : "NO");
  std::printf("%-34s %12lld\n", "days from the last portrait", static_cast<long long>(run.days() - last_portrait));
  std::printf("%-34s %6.2f %5.2f %5.2f\n", "late, days: median, 90 %, worst", share(0.5), share(0.9), share(1));
  std::printf("%-34s %12llu\n", "meetings", static_cast<unsigned long long>(count.meetings));
  std::printf("%-34s %12.2f\n", "MB on the lines", static_cast<double>(count.wire_bytes) / 1e6);
  std::printf("%-34s %12.2f\n", "MB onto sticks", static_cast<double>(count.stick_bytes) / 1e6);
  std::printf("%-34s %12.0f\n", "bundles at the hub", bundles);
  std::printf("%-34s %12.2f\n", "transfers a bundle", static_cast<double>(count.transfers) / bundles);
  std::printf("%-34s %12.2f\n", "CPU minutes", cpu_minutes);
  std::printf("%-34s %12.0f\n", "node-days a CPU-minute", node_days / cpu_minutes);
  return all ? 0 : 1;
}
