#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/base/disk.h"
#include "core/base/result.h"
#include "core/crypto/membership.h"
#include "core/crypto/sign.h"
#include "protocol/shelf/shelf.h"

namespace satchel::protocol {

/// Who writes on the stick. Borrowed for the call.
struct StickWriter {
  const core::Member& certificate;
  const core::SignKeys& keys;
};

/// One place of a stick that could not be read as what it should be.
struct StickDamage {
  std::string file;  ///< name without folder
  std::uint64_t offset = 0;
  core::Error error;  ///< kStickBad, or what is wrong with a bundle that is whole (kSignatureBad, kRevoked, …)
};

struct StickReport {
  LaneTally bundles{};               ///< written, or newly taken in
  std::uint64_t known = 0;           ///< bundles that needed no writing (they lie there) or no taking in (we have them)
  std::uint64_t left_out = 0;        ///< bundles for which the stick has no room; the next stick takes them
  std::uint64_t no_room_ours = 0;    ///< read: for us, and the disk is nearly full; the next reading takes them
  std::uint64_t no_room_others = 0;  ///< read: for others, over what we keep for them
  std::uint64_t bytes_read = 0;      ///< from the stick
  std::uint64_t bytes_written = 0;
  bool receipt = false;                   ///< a newer receipt was taken in (read) or laid on the stick (write)
  std::vector<core::Member> new_members;  ///< read: added to the membership; the caller keeps them
  std::uint64_t damage_count = 0;
  std::vector<StickDamage> damages;  ///< the first kDamagesListed
};

/// Writes to `folder`/satchel/ what nobody who has read this stick holds and what does not lie there already: control first.
/// New segments are synced, read back and compared before the manifest names them. kFolderMissing, kDiskFull (nothing fits),
/// kStickReadBack, kDiskWrite. kNothingToDo when there is nothing to write (the stick is as it should be).
/// The shelf must be flushed and the high water raised for everything that it holds.
core::Result<StickReport> write_stick(core::Disk& disk, const std::string& folder, Shelf& shelf, const StickWriter& writer);

/// Called while a stick is read, between two bundles, when some megabytes have been taken in since the last time: so that what
/// came is opened while it still lies in memory. An error ends the reading.
using BetweenBundles = std::function<core::Result<void>()>;

/// Takes in everything whole, in any order of files; damaged places are reported and passed over. `membership` must be the
/// shelf's: certificates are verified and added. Leaves a signed note of our frontier on the stick, so that the next writer
/// writes only what we lack; that a stick is write-protected is no error. Flushed when it returns.
/// kFolderMissing, kStickEmpty, kOtherCampaign (nothing on it is of this campaign), faults of our own store.
core::Result<StickReport> read_stick(core::Disk& disk, const std::string& folder, Shelf& shelf, core::Membership& membership,
                                     const StickWriter& reader, const BetweenBundles& between = {});

/// A bundle file is one segment under any name: what offers_for(`to`) gives, for mail or any other carrier. kNothingToDo when
/// there is nothing for `to`; kFileExists.
core::Result<StickReport> write_bundle_file(core::Disk& disk, const std::string& path, Shelf& shelf, const StickWriter& writer,
                                            const Peer& to);
core::Result<StickReport> read_bundle_file(core::Disk& disk, const std::string& path, Shelf& shelf, core::Membership& membership);

}  // namespace satchel::protocol
