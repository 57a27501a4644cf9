#pragma once

#include <algorithm>
#include <map>
#include <string>

#include "core/base/disk.h"
#include "core/base/ids.h"
#include "core/base/rng.h"

namespace satchel::core {

/// A small file OUTSIDE the database that remembers how far each of our own logs has left this machine. A sequence number may be
/// offered to anybody only after raise() for it has returned. If the database ever knows less than this file, it was restored
/// from an older copy: its numbers must not be used again, and the node takes a new incarnation (protocol/SPEC.md,
/// "Incarnations"). Reason: reuse of a number after a crash, a restore or a clone is the silent data loss of every log-based
/// system.
class HighWater {
 public:
  /// Reads `path`, or starts a new one with a fresh incarnation, epoch 1, when there is none. kMalformed when the file is damaged
  /// (it carries its own hash).
  static Result<HighWater> open(Disk& disk, std::string path, Rng& rng);

  Incarnation incarnation() const { return incarnation_; }
  std::uint32_t epoch() const { return epoch_; }
  /// Whether a former life may have said what the database no longer holds.
  bool may_have_forgotten() const { return epoch_ > 1; }
  /// The number of this life's next word about one thing, `next` being one above the largest that is remembered: above all that
  /// a former life can have used, with one free between for a word that takes back (protocol/SPEC.md, "Numbers of the hub's
  /// words").
  std::uint64_t number(std::uint64_t next) const {
    return may_have_forgotten() ? std::max(next, ((std::uint64_t{epoch_} - 1) << 32) + 1) : next;
  }
  Seq at(const LogId& log) const;
  /// Durable when it returns; no write when nothing rises. Only logs of the present incarnation.
  Result<void> raise(const std::map<LogId, Seq>& reached);
  /// Compares with what the database holds of our own logs (bundles, per log). True: the database has everything that has left.
  bool matches(const std::map<LogId, Seq>& in_database) const;
  /// Starts a new incarnation: fresh random number, no positions, and the next epoch after the present one and after `above` (one
  /// that others have seen and we have forgotten). Durable when it returns.
  Result<void> reincarnate(Rng& rng, std::uint32_t above = 0);

 private:
  HighWater(Disk& disk, std::string path) : disk_(&disk), path_(std::move(path)) {}
  Result<void> parse(ByteView file);
  Result<void> write() const;
  Disk* disk_;
  std::string path_;
  Incarnation incarnation_;
  std::uint32_t epoch_ = 0;
  std::map<LogId, Seq> reached_;
};

}  // namespace satchel::core
