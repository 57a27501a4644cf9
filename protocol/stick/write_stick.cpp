#include <algorithm>
#include <map>
#include <set>

#include "core/crypto/hash.h"
#include "protocol/limits.h"
#include "protocol/stick/segment_writer.h"
#include "protocol/stick/standing.h"
#include "protocol/stick/stick.h"
#include "protocol/stick/survey.h"

namespace satchel::protocol {

using core::BundleId;
using core::Bytes;
using core::Code;
using core::Error;
using core::NodeNumber;
using core::Result;

namespace {

/// A stick goes from hand to hand: it takes what a relay takes, and no node has this number.
constexpr Peer kCourier{NodeNumber{0xFFFFFFFE}, core::Role::relay, true};
/// Left free for the manifest, the note, and what FAT needs for itself.
constexpr std::uint64_t kReserve = 256 * 1024;

struct Receipted {
  std::uint32_t epoch = 0;
  std::uint64_t version = 0;
  auto operator<=>(const Receipted&) const = default;
};

/// A segment that lies on the stick, as its writer's manifest says.
struct Lying {
  NodeNumber writer;
  Manifest::Segment segment;
};

class Writer {
 public:
  Writer(core::Disk& disk, Shelf& shelf, const StickWriter& self) : disk_(disk), shelf_(shelf), self_(self) {}

  Result<StickReport> run(const std::string& folder) {
    if (self_.certificate.number.value > kStickNodeMax) return Error{Code::kLimitExceeded, "node number"};
    SATCHEL_TRY_ASSIGN(listing_, list_stick(disk_, folder));
    if (!disk_.exists(listing_.folder)) SATCHEL_TRY(disk_.make_folder(listing_.folder));
    SATCHEL_TRY_ASSIGN(const bool unchanged, shelf_.stick_seen(state(listing_), {}));
    if (unchanged) return Code::kNothingToDo;
    SATCHEL_TRY(survey());
    drop_settled_segments();
    SATCHEL_TRY_ASSIGN(std::vector<BundleId> wanted, candidates());
    if (wanted.empty() && !receipt_is_news() && removable_.empty()) {
      SATCHEL_TRY(note());
      SATCHEL_TRY(remember(folder));
      return Code::kNothingToDo;
    }
    if (weed()) {
      SATCHEL_TRY_ASSIGN(wanted, candidates());
    }
    const bool lay_receipt = receipt_is_news();
    if (!removable_.empty()) SATCHEL_TRY(make_room());
    if (!wanted.empty() || lay_receipt) {
      SATCHEL_TRY_ASSIGN(room_, disk_.free_bytes(listing_.folder));
      room_ -= std::min(room_, kReserve);
      SATCHEL_TRY(write_all(wanted, lay_receipt));
      SATCHEL_TRY(write_manifest());
    }
    SATCHEL_TRY(remove_unlisted());
    SATCHEL_TRY(note());
    if (written_ == 0 && report_.left_out > 0) return Code::kDiskFull;
    SATCHEL_TRY(look_again());
    if (report_.left_out == 0) SATCHEL_TRY(remember(folder));
    return std::move(report_);
  }

 private:
  /// What lies there, as far as manifests name it, the file has its size, and no reader found it damaged.
  Result<void> survey() {
    notes_ = read_notes(disk_, listing_, shelf_.membership(), report_);
    std::set<core::Hash> damaged;
    for (const auto& [reader, note] : notes_) {
      damaged.insert(note.damaged.begin(), note.damaged.end());
      if (reader != shelf_.self()) SATCHEL_TRY(shelf_.set_direct(reader, note.frontier));
    }
    own_.writer = self_.certificate.number;
    for (const NodeNumber writer : listing_.writers()) {
      auto manifest = newest_manifest(disk_, listing_, writer, report_);
      if (!manifest) continue;
      std::map<std::uint32_t, std::uint64_t> sizes;
      for (const StickFile& file : listing_.segments_of(writer)) sizes[file.meaning.counter] = file.size;
      std::erase_if(manifest->segments, [&](const Manifest::Segment& segment) {
        const auto file = sizes.find(segment.counter);
        return file == sizes.end() || file->second != segment.size || damaged.contains(segment.hash);
      });
      for (const Manifest::Segment& segment : manifest->segments) there_.push_back({writer, segment});
      if (writer == own_.writer) own_ = *std::move(manifest);
    }
    index();
    for (const StickFile& file : listing_.segments_of(own_.writer))
      next_counter_ = std::max(next_counter_, file.meaning.counter + 1);
    return {};
  }

  /// What lies on the stick, by log.
  void index() {
    lying_.clear();
    newest_receipt_ = {};
    for (const auto& [writer, segment] : there_) {
      for (const Manifest::Range& range : segment.ranges) lying_[range.log].push_back(range);
      newest_receipt_ = std::max(newest_receipt_, Receipted{segment.receipt_epoch, segment.receipt_version});
    }
  }

  bool receipt_is_news() const {
    const auto& receipt = shelf_.receipt();
    return receipt && Receipted{receipt->epoch, receipt->version} > newest_receipt_;
  }

  bool stands(NodeNumber writer, const Manifest::Segment& segment, std::size_t& heads) {
    const std::string file = file_name({StickName::Kind::segment, writer, segment.counter});
    const auto listed = std::ranges::find_if(listing_.segments, [&](const StickFile& one) {
      return one.meaning.node == writer && one.meaning.counter == segment.counter;
    });
    // As listed: some systems show names in upper case.
    return segment_stands(disk_, listing_.folder + "/" + (listed == listing_.segments.end() ? file : listed->name), segment.size,
                          heads, report_);
  }

  /// Before anything is written: segments of which something has gone do not count as lying there, and own ones go. The oldest
  /// first, because they lie where a stick that is too small writes next.
  bool weed() {
    std::size_t heads = kHeadsWalked;
    const std::size_t before = there_.size();
    std::erase_if(there_, [&](const Lying& one) {
      if (removable_.contains(one.segment.counter) && one.writer == own_.writer) return false;
      if (stands(one.writer, one.segment, heads)) return false;
      report_damage(report_, file_name({StickName::Kind::segment, one.writer, one.segment.counter}), 0,
                    Error{Code::kStickBad, "it has changed on the stick"});
      if (one.writer == own_.writer)
        std::erase_if(own_.segments, [&](const Manifest::Segment& own) { return own.counter == one.segment.counter; });
      return true;
    });
    index();
    return there_.size() != before;
  }

  /// After everything is written: what stood before, and what we wrote at the beginning, still stands.
  Result<void> look_again() {
    std::size_t heads = kHeadsWalked;
    std::optional<std::string> gone;
    for (const Lying& one : there_) {
      if (one.writer != own_.writer && !gone && !stands(one.writer, one.segment, heads)) {
        gone = file_name({StickName::Kind::segment, one.writer, one.segment.counter});
      }
    }
    const std::size_t listed = own_.segments.size();
    std::erase_if(own_.segments, [&](const Manifest::Segment& segment) {
      if (stands(own_.writer, segment, heads)) return false;
      gone = file_name({StickName::Kind::segment, own_.writer, segment.counter});
      return true;
    });
    if (!gone) return {};
    // On such a stick this may fail as well: then the manifest names what is damaged, and a reader will find that.
    if (own_.segments.size() != listed) static_cast<void>(write_manifest());
    return Error{Code::kStickFake, *gone};
  }

  /// The stick and our shelf as they are now: when both are the same the next time, there is nothing to do.
  core::Hash state(const Listing& listing) {
    core::ByteWriter out;
    out.raw(stick_state(disk_, listing, report_).view()).raw(core::encode(shelf_.frontier()));
    if (const auto& receipt = shelf_.receipt()) out.u32(receipt->epoch).u64(receipt->version);
    return core::hash("satchel stick as written", out.bytes());
  }
  Result<void> remember(const std::string& folder) {
    SATCHEL_TRY_ASSIGN(const Listing now, list_stick(disk_, folder));
    return shelf_.remember_stick(state(now), {});
  }

  bool delivered(const core::LogId& log, core::Seq seq) const {
    if (log.audience == core::kEveryone) return false;
    if (log.audience == core::kToHub && shelf_.proven(log).stored >= seq) return true;
    const auto note = notes_.find(NodeNumber{log.audience.value});
    return note != notes_.end() && note->second.frontier.at(log) >= seq;
  }

  /// Own segments of which everything has reached its addressee make room. Never another node's.
  void drop_settled_segments() {
    std::erase_if(own_.segments, [&](const Manifest::Segment& segment) {
      const bool settled = !segment.ranges.empty() && std::ranges::all_of(segment.ranges, [&](const Manifest::Range& range) {
        return delivered(range.log, range.last);
      });
      // The newest receipt goes on travelling.
      const bool newest =
          segment.receipt_version != 0 && Receipted{segment.receipt_epoch, segment.receipt_version} == newest_receipt_;
      if (settled && !newest) removable_.insert(segment.counter);
      return settled && !newest;
    });
  }

  Result<std::vector<BundleId>> candidates() {
    std::vector<BundleId> out;
    report_.known = 0;
    SATCHEL_TRY_ASSIGN(const std::vector<BundleId> all, shelf_.all_offers_for(kCourier));
    for (const BundleId& id : all) {
      const auto lies = lying_.find(id.log);
      if (delivered(id.log, id.seq)) continue;
      if (lies != lying_.end() && holds(lies->second, id)) {
        ++report_.known;
        continue;
      }
      out.push_back(id);
    }
    return out;
  }

  std::string path(std::uint32_t counter) const {
    return listing_.folder + "/" + file_name({StickName::Kind::segment, own_.writer, counter});
  }

  Result<void> open_segment() {
    if (next_counter_ > kSegmentCounterMax || own_.segments.size() >= kSegmentsMax)
      return Error{Code::kLimitExceeded, "segments"};
    SATCHEL_TRY_ASSIGN(SegmentWriter created, SegmentWriter::create(disk_, path(next_counter_), self_.certificate));
    segment_.emplace(std::move(created));
    return {};
  }

  Result<void> close_segment() {
    if (!segment_) return {};
    if (segment_->empty()) {  // nothing fitted: it goes again
      segment_.reset();
      return {};
    }
    SATCHEL_TRY_ASSIGN(Manifest::Segment done, segment_->finish(next_counter_));
    segment_.reset();
    room_ -= std::min(room_, done.size);
    report_.bytes_written += done.size;
    own_.segments.push_back(std::move(done));
    ++next_counter_;
    return disk_.sync_folder(listing_.folder);
  }

  Result<void> write_all(const std::vector<BundleId>& wanted, bool lay_receipt) {
    if (lay_receipt) {
      SATCHEL_TRY(open_segment());
      SATCHEL_TRY(segment_->add_receipt(*shelf_.receipt()));
      report_.receipt = true;
    }
    for (const BundleId& id : wanted) SATCHEL_TRY(write_bundle(id));
    return close_segment();
  }

  Result<void> write_bundle(const BundleId& id) {
    SATCHEL_TRY_ASSIGN(const auto header, shelf_.header(id));
    if (!header) return {};
    if (!segment_) SATCHEL_TRY(open_segment());
    const std::uint64_t cost = segment_->cost(*header);
    if (segment_->size() + cost > room_) {
      ++report_.left_out;
      return {};
    }
    if (segment_->size() + cost > kSegmentMax && !segment_->empty()) {
      SATCHEL_TRY(close_segment());
      SATCHEL_TRY(open_segment());
    }
    SATCHEL_TRY(segment_->add_bundle(shelf_, id, *header));
    Tally& lane = report_.bundles[core::lane_index(id.log.lane)];
    ++lane.bundles;
    lane.bytes += header->bytes.size() + header->body_size();
    ++written_;
    return {};
  }

  Result<void> write_manifest() {
    ++own_.generation;
    const auto slot = static_cast<std::uint32_t>(own_.generation % 2);
    const std::string file = listing_.folder + "/" + file_name({StickName::Kind::manifest, own_.writer, slot});
    const Bytes bytes = encode_file(own_);
    SATCHEL_TRY(disk_.write_atomic(file, bytes));
    static_cast<void>(disk_.forget_cached(file));
    SATCHEL_TRY_ASSIGN(const Bytes there, disk_.read(file, kManifestMax));
    if (there != bytes) return Code::kStickReadBack;
    report_.bytes_written += bytes.size();
    return {};
  }

  /// Takes away what has been delivered, before the new load needs the room: first out of the manifest, then the files.
  Result<void> make_room() {
    SATCHEL_TRY(write_manifest());
    for (const StickFile& file : listing_.segments_of(own_.writer)) {
      if (removable_.contains(file.meaning.counter)) SATCHEL_TRY(disk_.remove(listing_.path(file)));
    }
    std::erase_if(listing_.segments, [&](const StickFile& file) {
      return file.meaning.node == own_.writer && removable_.contains(file.meaning.counter);
    });
    return disk_.sync_folder(listing_.folder);
  }

  /// Own segments that no manifest names any more: damaged, or torn by an earlier write.
  Result<void> remove_unlisted() {
    for (const StickFile& file : listing_.segments_of(own_.writer)) {
      const bool listed = std::ranges::any_of(
          own_.segments, [&](const Manifest::Segment& segment) { return segment.counter == file.meaning.counter; });
      if (!listed) SATCHEL_TRY(disk_.remove(listing_.path(file)));
    }
    return disk_.sync_folder(listing_.folder);
  }

  Result<void> note() {
    Note ours{shelf_.self(), shelf_.frontier(), {}};
    if (const auto before = notes_.find(shelf_.self()); before != notes_.end()) ours.damaged = before->second.damaged;
    return leave_note(disk_, listing_, ours, shelf_.membership().founding().id(), self_.keys);
  }

  core::Disk& disk_;
  Shelf& shelf_;
  const StickWriter& self_;
  Listing listing_;
  StickReport report_;
  std::map<NodeNumber, Note> notes_;
  std::vector<Lying> there_;
  std::map<core::LogId, std::vector<Manifest::Range>> lying_;
  Receipted newest_receipt_;
  Manifest own_;
  std::set<std::uint32_t> removable_;
  std::uint32_t next_counter_ = 0;
  std::uint64_t room_ = 0;
  std::uint64_t written_ = 0;
  std::optional<SegmentWriter> segment_;
};

}  // namespace

Result<StickReport> write_stick(core::Disk& disk, const std::string& folder, Shelf& shelf, const StickWriter& writer) {
  return Writer{disk, shelf, writer}.run(folder);
}

}  // namespace satchel::protocol
