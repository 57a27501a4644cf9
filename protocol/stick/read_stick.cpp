#include <algorithm>
#include <set>

#include "core/crypto/hash.h"
#include "protocol/limits.h"
#include "protocol/stick/block_scanner.h"
#include "protocol/stick/segment_reader.h"
#include "protocol/stick/stick.h"
#include "protocol/stick/survey.h"

namespace satchel::protocol {

using core::Bytes;
using core::Code;
using core::Error;
using core::NodeNumber;
using core::Result;

namespace {

/// A file, and the hash of its bytes when it was read from one end to the other.
class HashedSource final : public ByteSource {
 public:
  HashedSource(const core::Disk& disk, std::string path, std::uint64_t size) : under_(disk, std::move(path), size) {}
  std::uint64_t size() const override { return under_.size(); }
  Result<Bytes> read(std::uint64_t offset, std::size_t n) override {
    SATCHEL_TRY_ASSIGN(Bytes out, under_.read(offset, n));
    if (offset <= hashed_ && offset + n > hashed_) {
      hasher_.add(core::ByteView{out}.subspan(static_cast<std::size_t>(hashed_ - offset)));
      hashed_ = offset + n;
    }
    return out;
  }
  /// Call once.
  bool gives(const core::Hash& hash) { return hashed_ == size() && hasher_.finish() == hash; }

 private:
  FileSource under_;
  core::Hasher hasher_;
  std::uint64_t hashed_ = 0;
};

class StickReader {
 public:
  StickReader(core::Disk& disk, Shelf& shelf, core::Membership& membership, const StickWriter& self,
              const BetweenBundles& between)
      : disk_(disk), shelf_(shelf), membership_(membership), self_(self), between_(between) {}

  Result<StickReport> run(const std::string& folder) {
    SATCHEL_TRY_ASSIGN(listing_, list_stick(disk_, folder));
    if (listing_.segments.empty() && listing_.manifests.empty()) return Code::kStickEmpty;
    for (const NodeNumber writer : listing_.writers()) SATCHEL_TRY(read_writer(writer));
    SATCHEL_TRY(shelf_.flush());
    if (all_seen_) return std::move(report_);  // the stick is as it was left: a few hundred bytes were read
    SATCHEL_TRY(take_notes());
    SATCHEL_TRY(shelf_.flush());
    if (ours_ == 0 && others_ > 0) return Code::kOtherCampaign;
    // A stick that is write-protected has done its work all the same.
    static_cast<void>(leave_note(disk_, listing_, {shelf_.self(), shelf_.frontier(), {damaged_.begin(), damaged_.end()}},
                                 membership_.founding().id(), self_.keys));
    return std::move(report_);
  }

 private:
  /// What a remembered manifest stood for: the same files, of the same sizes.
  static core::Hash shape_of(const std::vector<StickFile>& files) {
    core::ByteWriter out;
    for (const StickFile& file : files) out.u32(file.meaning.counter).u64(file.size);
    return core::hash("satchel stick shape", out.bytes());
  }

  Result<void> read_writer(NodeNumber writer) {
    const std::vector<StickFile> files = listing_.segments_of(writer);
    const auto head = newest_head(disk_, listing_, writer, report_);
    if (head) {
      SATCHEL_TRY_ASSIGN(const bool seen, shelf_.stick_seen(head->list_hash, shape_of(files)));
      if (seen) return {};
    }
    all_seen_ = false;
    const auto manifest = newest_manifest(disk_, listing_, writer, report_);
    bool settled = true;
    for (const StickFile& file : files) {
      SATCHEL_TRY_ASSIGN(const bool done, read_file(file, manifest ? listed(*manifest, file) : nullptr));
      settled = settled && done;
    }
    if (!manifest) return {};
    settled = report_missing(*manifest, files) && settled;
    if (settled && head && head->list_hash == list_hash(*manifest)) {
      SATCHEL_TRY(shelf_.remember_stick(head->list_hash, shape_of(files)));
    }
    return {};
  }

  static const Manifest::Segment* listed(const Manifest& manifest, const StickFile& file) {
    const auto found = std::ranges::find_if(
        manifest.segments, [&](const Manifest::Segment& segment) { return segment.counter == file.meaning.counter; });
    return found == manifest.segments.end() ? nullptr : &*found;
  }

  /// True when this file need not be read again, as it is.
  Result<bool> read_file(const StickFile& file, const Manifest::Segment* entry) {
    if (entry != nullptr && entry->size == file.size) {
      SATCHEL_TRY_ASSIGN(const bool seen, shelf_.stick_seen(entry->hash, {}));
      if (seen) {
        ++ours_;
        return true;
      }
    }
    if (file.size > kSegmentMax) {
      report_damage(report_, file.name, 0, Error{Code::kStickBad, "longer than a segment may be"});
      return false;
    }
    HashedSource source{disk_, listing_.path(file), file.size};
    SATCHEL_TRY_ASSIGN(const SegmentOutcome outcome, read_segment(source, file.name, shelf_, membership_, report_, between_));
    if (outcome.other_campaign) {
      ++others_;
      return false;
    }
    ++ours_;
    if (entry == nullptr) return outcome.settled;
    // A manifest is anybody's word. Only what was read may be remembered as read: else a false file would hide a true one that
    // comes on another stick.
    const bool as_listed = entry->size == file.size && source.gives(entry->hash);
    if (!as_listed && outcome.whole) report_damage(report_, file.name, 0, Error{Code::kStickBad, "not what was written"});
    if (!as_listed) damaged_.insert(entry->hash);
    if (!as_listed || !outcome.settled) return false;
    SATCHEL_TRY(shelf_.remember_stick(entry->hash, {}));
    return true;
  }

  bool report_missing(const Manifest& manifest, const std::vector<StickFile>& files) {
    bool whole = true;
    for (const Manifest::Segment& segment : manifest.segments) {
      const bool there =
          std::ranges::any_of(files, [&](const StickFile& file) { return file.meaning.counter == segment.counter; });
      if (there) continue;
      whole = false;
      damaged_.insert(segment.hash);
      report_damage(report_, file_name({StickName::Kind::segment, manifest.writer, segment.counter}), 0,
                    Error{Code::kStickBad, "the file is missing"});
    }
    return whole;
  }

  Result<void> take_notes() {
    for (const auto& [reader, note] : read_notes(disk_, listing_, membership_, report_)) {
      if (reader != shelf_.self()) {
        SATCHEL_TRY(shelf_.set_direct(reader, note.frontier));
      } else {
        damaged_.insert(note.damaged.begin(), note.damaged.end());
      }
    }
    return {};
  }

  core::Disk& disk_;
  Shelf& shelf_;
  core::Membership& membership_;
  const StickWriter& self_;
  const BetweenBundles& between_;
  Listing listing_;
  StickReport report_;
  std::set<core::Hash> damaged_;
  bool all_seen_ = true;
  std::size_t ours_ = 0;
  std::size_t others_ = 0;
};

}  // namespace

Result<StickReport> read_stick(core::Disk& disk, const std::string& folder, Shelf& shelf, core::Membership& membership,
                               const StickWriter& reader, const BetweenBundles& between) {
  return StickReader{disk, shelf, membership, reader, between}.run(folder);
}

}  // namespace satchel::protocol
