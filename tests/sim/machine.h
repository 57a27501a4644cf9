#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/crypto/campaign_secrets.h"
#include "core/store/memory_store.h"
#include "node/ledger.h"
#include "protocol/session/session.h"
#include "protocol/stick/stick.h"
#include "tests/sim/event_queue.h"
#include "tests/sim/store_layer.h"
#include "tests/support/memory_disk.h"
#include "tests/support/seeded_rng.h"
#include "tests/support/with_crypto.h"

namespace satchel::tests {

/// What makes a campaign, before any computer runs.
struct Cast {
  Cast(std::uint64_t seed, const std::vector<core::Role>& roles);
  core::Founding founding;
  core::CampaignSecrets secrets;
  std::vector<core::Identity> identities;  ///< by node number
  std::vector<core::Member> members;
};

/// The clocks of one computer, as wrong as they are told to be.
class MachineClock final : public core::Clock {
 public:
  explicit MachineClock(const EventQueue& events) : events_(events) {}
  core::WallMs wall() const override { return {1'781'600'000'000 + events_.now().value / kMs + wall_off_ms}; }
  core::MonoMs mono() const override { return {mono_us().value / kMs}; }
  core::MonoUs mono_us() const override { return events_.now() + mono_off_us; }
  std::uint64_t boot_id() const override { return boot; }

  std::int64_t wall_off_ms = 0;
  std::int64_t mono_off_us = 0;  ///< grows only, until a reboot
  std::uint64_t boot = 1;

 private:
  const EventQueue& events_;
};

/// A picture taken and submitted, as its person remembers it.
struct Submission {
  core::StudentRef student;
  core::RecordId capture;
  core::RecordId submission;
  core::Hash preview, standard, original;
  bool has_original = false;
};

/// What a copy of a machine's disk holds.
struct DiskImage {
  core::MemoryStore store;
  MemoryDisk disk;
};

/// One computer of the campaign: the program's own book (node::Ledger), shelf and high water on a store and a disk in memory.
/// What node::Node does around them with files and RocksDB is done here in the same order.
class Machine {
 public:
  Machine(const EventQueue& events, const Cast& cast, std::size_t number, std::uint64_t seed);

  /// First run: says who belongs to the campaign.
  core::Result<void> enrol(const std::vector<core::Member>& known);
  /// The program starts: only what lies in the store and on the disk is left.
  core::Result<void> start();
  /// The program is gone.
  void stop();
  bool running() const { return ledger != nullptr; }
  /// The power is gone, and with it any suffix of what was not synced.
  void power_cut();
  /// As the program does after something came in; then what is ours may be offered.
  core::Result<void> digest();

  DiskImage image() const;
  /// The program must be stopped. Without `whole` the high-water file stays as it is: the database alone was restored.
  void put_back(const DiskImage& image, bool whole);

  core::Result<Submission> submit(core::StudentRef student, std::size_t preview, std::size_t photo, std::size_t original);
  core::Result<core::RecordId> judge(core::NodeNumber site, core::StudentRef student, const core::RecordId& submission,
                                     bool approved);
  core::Result<void> enlist(core::NodeNumber site, core::StudentRef student, core::Lane lane = core::Lane::record);
  core::Result<void> introduce(const core::Member& other);
  core::Result<void> revoke(core::NodeNumber site, bool all_of_it);
  /// A person looks at what was set aside and lets it in.
  core::Result<std::size_t> release_quarantine();

  /// Releases what is ours first; the caller ends the meeting when that fails.
  core::Result<protocol::SessionSetup> session_setup();
  core::Result<protocol::StickReport> read_stick(core::Disk& stick);
  core::Result<protocol::StickReport> write_stick(core::Disk& stick);

  bool hub() const { return member.role == core::Role::hub; }
  const std::string& name() const { return member.name; }
  /// Were the power cut now, all that `receipt` says would still be here.
  bool stands_after_a_cut(const core::Receipt& receipt) const;
  /// All that was committed is on the disk, by the store's word.
  bool all_synced() const { return layer == nullptr ? store.unsynced() == 0 : layer->all_synced(); }

  core::Member member;
  core::Identity identity;
  core::CampaignSecrets secrets;
  core::MemoryStore store;
  MemoryDisk disk;
  MachineClock clock;
  SeededRng rng;
  protocol::ShelfLimits limits;
  std::uint64_t free_disk = ~0ULL;
  bool was_short = false;  ///< of disk, at some time: what it carried for others may have made way
  /// A bug before the store (planted.h); borrowed.
  void put_before_store(StoreLayer& planted) {
    layer = &planted;
    front = &planted;
  }
  core::Store* front = &store;  ///< what the program uses as its store
  StoreLayer* layer = nullptr;
  std::optional<core::BoxKeys> stolen;  ///< a key that it should not have
  bool heals = true;                    ///< false: a planted bug

  node::Log diary;
  std::unique_ptr<core::Membership> membership;
  std::unique_ptr<core::HighWater> high_water;
  std::unique_ptr<protocol::Shelf> shelf;
  std::unique_ptr<node::Ledger> ledger;

 private:
  node::LedgerBase base();
  core::Result<void> open();
  core::Result<void> heal();
  core::Result<void> keep_members();
  core::Bytes picture(std::size_t size);

  core::Founding founding_;
  std::size_t members_kept_ = 0;
  node::Surroundings surroundings_{disk, clock, rng, ""};
};

}  // namespace satchel::tests
