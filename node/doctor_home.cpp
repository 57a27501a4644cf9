#include <algorithm>

#include "core/crypto/hash.h"
#include "node/digest.h"
#include "node/doctor.h"
#include "node/mounts.h"
#include "node/node.h"

// What lies on this computer. Looks only: the one thing it writes is a file in the home, which it takes away again.
namespace satchel::node {

namespace json = boost::json;
using core::Code;

namespace {

constexpr std::uint64_t kRoomLow = 1'000'000'000;
constexpr std::uint64_t kRoomNone = 100'000'000;
constexpr std::uint64_t kHighWaterMax = 16 * 1024 * 1024;
constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kReceiptOldMs = 7 * 24 * kHourMs;
/// 2026-01-01: no clock that is right can show less.
constexpr core::WallMs kEarliest{1'767'225'600'000};

void examine_folder(core::Disk& disk, const std::string& home, Findings& out) {
  const std::string probe = home + "/doctor.probe";
  const json::object facts{{"folder", home}};
  const auto written = disk.write_atomic(probe, core::as_bytes("ok"));
  if (written) static_cast<void>(disk.remove(probe));
  if (!written && written.error().code != Code::kDiskFull) {
    out.add(Finding::kHomeReadOnly, facts);
  } else {
    out.add(Finding::kHomeFine, facts);
  }
  const auto room = disk.free_bytes(home);
  if (!room) {
    out.add(room.error());
    return;
  }
  const json::object free{{"free_bytes", *room}};
  out.add(*room < kRoomNone ? Finding::kDiskRoomNone : *room < kRoomLow ? Finding::kDiskRoomLow : Finding::kDiskRoomFine, free);
}

/// Whether the file's closing hash is that of what stands before it (core/record/high_water.h).
bool high_water_whole(const core::Disk& disk, const Home& home) {
  constexpr std::size_t kHash = core::Hash::kSize;
  const auto file = disk.read(home.high_water_file(), kHighWaterMax);
  if (!file || file->size() <= kHash) return false;
  const core::ByteView before = core::ByteView{*file}.first(file->size() - kHash);
  return core::same_bytes(core::hash("satchel high water", before).view(), core::ByteView{*file}.last(kHash));
}

/// The latest moment for which the hub's signature stands: its verdicts.
std::optional<core::WallMs> latest_word_of_hub(Node& node, const Enrolled& all) {
  std::vector<core::StudentRef> decided;
  const auto listed = each_digest(node.store(), [&](core::StudentRef ref, const Digest& digest) {
    if (digest.approved() || digest.rejected()) decided.push_back(ref);
  });
  std::optional<core::WallMs> latest;
  if (!listed) return latest;
  for (const core::StudentRef ref : decided) {
    const auto state = all.ledger->student(ref);
    if (!state || !*state) continue;
    for (const core::VerdictSeen& verdict : (*state)->verdicts) {
      const core::WallMs at = verdict.fact.decided.wall;
      if (!latest || *latest < at) latest = at;
    }
  }
  return latest;
}

void examine_clock(core::WallMs now, std::optional<core::WallMs> hub, Findings& out) {
  json::object facts{{"now", core::to_iso8601(now)}};
  if (hub) {
    facts["hub_latest"] = core::to_iso8601(*hub);
    facts["seconds_since"] = (now.value - hub->value) / 1000;
  }
  // A few minutes apart is what two right clocks of old computers are.
  constexpr std::int64_t kApartMs = 5 * 60'000;
  if (now < kEarliest) {
    out.add(Finding::kClockImplausible, std::move(facts));
  } else if (hub && now.value + kApartMs < hub->value) {
    out.add(Finding::kClockBehind, std::move(facts));
  } else {
    out.add(Finding::kClockFine, std::move(facts));
  }
}

void examine_receipt(Node& node, const Enrolled& all, core::WallMs now, Findings& out) {
  const auto at = Meta{node.store()}.receipt_time();
  if (all.hub()) return;
  if (!at || !*at || !all.shelf->receipt()) return out.add(Finding::kReceiptNone);
  const std::int64_t age_ms = now.value - (*at)->value;
  json::object facts{{"received", core::to_iso8601(**at)}, {"hours", age_ms / kHourMs}};
  out.add(age_ms > kReceiptOldMs ? Finding::kReceiptOld : Finding::kReceiptFine, std::move(facts));
}

/// Opened for reading, beside a node that runs as well. What the hub said last, by the hub's clock.
std::optional<core::WallMs> examine_database(const Surroundings& surroundings, const Home& home, bool had_high_water,
                                             Findings& out) {
  const auto node = Node::open(surroundings, home.path, core::OpenMode::read_only);
  if (!node) {
    out.add(node.error());
    return std::nullopt;
  }
  out.add(Finding::kDatabaseFine);
  const auto all = (*node)->enrolled();
  if (!all) {
    out.add(all.error());
    return std::nullopt;
  }
  out.add(had_high_water ? Finding::kHighWaterFine : Finding::kHighWaterMissing);
  examine_receipt(**node, **all, surroundings.clock.wall(), out);
  return latest_word_of_hub(**node, **all);
}

}  // namespace

void examine_home(const Surroundings& surroundings, const std::string& home, Findings& out) {
  const Home places{home};
  std::optional<core::WallMs> hub;
  if (!surroundings.disk.exists(places.key_file())) {
    out.add(core::Error{Code::kHomeMissing, home});
  } else {
    examine_folder(surroundings.disk, home, out);
    const bool had_high_water = surroundings.disk.exists(places.high_water_file());
    if (had_high_water && !high_water_whole(surroundings.disk, places)) {
      out.add(Finding::kHighWaterDamaged);  // no node opens with it
    } else {
      hub = examine_database(surroundings, places, had_high_water, out);
    }
  }
  examine_clock(surroundings.clock.wall(), hub, out);
  json::array folders;
  for (const Mount& mount : mounted_sticks()) folders.emplace_back(mount.folder);
  if (folders.empty()) {
    out.add(Finding::kNoStick);
  } else {
    out.add(Finding::kSticksThere, json::object{{"folders", std::move(folders)}});
  }
}

}  // namespace satchel::node
