#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/disk.h"
#include "core/crypto/membership.h"
#include "protocol/stick/manifest.h"
#include "protocol/stick/names.h"
#include "protocol/stick/note.h"
#include "protocol/stick/stick.h"

/// What lies on a stick, by the names of its files and by its manifests and notes.
namespace satchel::protocol {

struct StickFile {
  std::string name;  ///< as listed
  StickName meaning;
  std::uint64_t size = 0;
};

struct Listing {
  std::string folder;  ///< the satchel folder itself
  std::vector<StickFile> segments;
  std::vector<StickFile> manifests;
  std::vector<StickFile> notes;
  std::string path(const StickFile& file) const { return folder + "/" + file.name; }
  std::vector<StickFile> segments_of(core::NodeNumber writer) const;
  std::vector<core::NodeNumber> writers() const;  ///< of segments or manifests, in order
};

/// Empty when there is no satchel folder; files that are not ours are left out. kFolderMissing when `folder` itself is missing.
core::Result<Listing> list_stick(const core::Disk& disk, const std::string& folder);

/// The newest head of a writer's manifests; nullopt when there is none that reads.
std::optional<ManifestHead> newest_head(const core::Disk& disk, const Listing& listing, core::NodeNumber writer,
                                        StickReport& report);

/// The newest whole manifest of a writer. A damaged file is reported, and the other one is taken.
std::optional<Manifest> newest_manifest(const core::Disk& disk, const Listing& listing, core::NodeNumber writer,
                                        StickReport& report);

/// Every note whose signature fits; others are reported.
std::map<core::NodeNumber, Note> read_notes(const core::Disk& disk, const Listing& listing, const core::Membership& membership,
                                            StickReport& report);

/// Writes our note unless the same one lies there.
core::Result<void> leave_note(core::Disk& disk, const Listing& listing, const Note& note, core::CampaignId campaign,
                              const core::SignKeys& keys);

void report_damage(StickReport& report, const std::string& file, std::uint64_t offset, core::Error error);

}  // namespace satchel::protocol
