#include "protocol/stick/survey.h"

#include <algorithm>
#include <set>

#include "protocol/limits.h"
#include "protocol/stick/block.h"

namespace satchel::protocol {

using core::Bytes;
using core::Code;
using core::Error;
using core::NodeNumber;
using core::Result;

namespace {

std::vector<const StickFile*> manifests_of(const Listing& listing, NodeNumber writer) {
  std::vector<const StickFile*> out;
  for (const StickFile& file : listing.manifests) {
    if (file.meaning.node == writer) out.push_back(&file);
  }
  return out;
}

}  // namespace

void report_damage(StickReport& report, const std::string& file, std::uint64_t offset, Error error) {
  ++report.damage_count;
  if (report.damages.size() < kDamagesListed) report.damages.push_back({file, offset, std::move(error)});
}

std::vector<StickFile> Listing::segments_of(NodeNumber writer) const {
  std::vector<StickFile> out;
  std::ranges::copy_if(segments, std::back_inserter(out), [&](const StickFile& file) { return file.meaning.node == writer; });
  return out;
}

std::vector<NodeNumber> Listing::writers() const {
  std::set<NodeNumber> out;
  for (const auto* files : {&segments, &manifests}) {
    for (const StickFile& file : *files) out.insert(file.meaning.node);
  }
  return {out.begin(), out.end()};
}

Result<Listing> list_stick(const core::Disk& disk, const std::string& folder) {
  if (!disk.exists(folder)) return Code::kFolderMissing;
  Listing out;
  out.folder = folder + "/" + std::string(kStickFolder);
  if (!disk.exists(out.folder)) return out;
  SATCHEL_TRY_ASSIGN(const auto entries, disk.list(out.folder));
  if (entries.size() > kStickFilesMax) return Error{Code::kLimitExceeded, "too many files in the folder of the stick"};
  for (const core::DiskEntry& entry : entries) {
    const auto meaning = entry.is_folder ? std::nullopt : parse_file_name(entry.name);
    if (!meaning) continue;
    auto& group = meaning->kind == StickName::Kind::segment    ? out.segments
                  : meaning->kind == StickName::Kind::manifest ? out.manifests
                                                               : out.notes;
    group.push_back({entry.name, *meaning, entry.size_bytes});
  }
  return out;
}

std::optional<ManifestHead> newest_head(const core::Disk& disk, const Listing& listing, NodeNumber writer, StickReport& report) {
  std::optional<ManifestHead> newest;
  for (const StickFile* file : manifests_of(listing, writer)) {
    const auto bytes = disk.read_at(listing.path(*file), 0, kBlockHeadSize + kManifestHeadSize);
    if (!bytes) continue;
    report.bytes_read += bytes->size();
    const auto head = decode_manifest_head(*bytes);
    if (head && head->writer == writer && (!newest || head->generation > newest->generation)) newest = *head;
  }
  return newest;
}

std::optional<Manifest> newest_manifest(const core::Disk& disk, const Listing& listing, NodeNumber writer, StickReport& report) {
  std::optional<Manifest> newest;
  for (const StickFile* file : manifests_of(listing, writer)) {
    const auto bytes = disk.read(listing.path(*file), kManifestMax);
    if (bytes) report.bytes_read += bytes->size();
    auto manifest = bytes ? decode_manifest_file(*bytes) : Result<Manifest>{bytes.error()};
    if (!manifest || manifest->writer != writer) {
      report_damage(report, file->name, 0, Error{Code::kStickBad, "manifest"});
      continue;
    }
    if (!newest || manifest->generation > newest->generation) newest = *std::move(manifest);
  }
  return newest;
}

std::map<NodeNumber, Note> read_notes(const core::Disk& disk, const Listing& listing, const core::Membership& membership,
                                      StickReport& report) {
  std::map<NodeNumber, Note> out;
  for (const StickFile& file : listing.notes) {
    const auto bytes = disk.read(listing.path(file), kNoteMax);
    if (bytes) report.bytes_read += bytes->size();
    auto note = bytes ? decode_note_file(*bytes, membership) : Result<Note>{bytes.error()};
    if (!note || note->reader != file.meaning.node) {
      report_damage(report, file.name, 0, note ? Error{Code::kStickBad, "note of another node"} : note.error());
      continue;
    }
    out.insert_or_assign(note->reader, *std::move(note));
  }
  return out;
}

Result<void> leave_note(core::Disk& disk, const Listing& listing, const Note& note, core::CampaignId campaign,
                        const core::SignKeys& keys) {
  if (note.reader.value > kStickNodeMax) return {};  // no name for it: the next writer writes more than is needed
  const std::string path = listing.folder + "/" + file_name({StickName::Kind::note, note.reader, 0});
  const Bytes bytes = encode_file(note, campaign, keys);
  if (disk.exists(path)) {
    const auto there = disk.read(path, kNoteMax);
    if (there && *there == bytes) return {};
  }
  return disk.write_atomic(path, bytes);
}

}  // namespace satchel::protocol
