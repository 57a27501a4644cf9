#include "protocol/stick/segment_reader.h"

#include <algorithm>

#include "core/crypto/hash.h"
#include "protocol/limits.h"

namespace satchel::protocol {

using core::ByteReader;
using core::Bytes;
using core::ByteView;
using core::Code;
using core::Error;
using core::Result;

namespace {

/// Certificates and receipts; a receipt of the largest campaign is as long as a note.
constexpr std::uint32_t kSmallBlockMax = kNoteMax;
constexpr std::size_t kStep = kPieceMax;
/// Half of what the shelf keeps in memory for opening, so that it has not been pushed out by then.
constexpr std::uint64_t kTakenBetween = kFreshMax / 2;

class Reader {
 public:
  Reader(ByteSource& source, const std::string& file, Shelf& shelf, core::Membership& membership, StickReport& report,
         const BetweenBundles& between)
      : source_(source), file_(file), shelf_(shelf), membership_(membership), report_(report), between_(between) {}

  Result<SegmentOutcome> run() {
    BlockScanner scanner{source_};
    while (true) {
      const auto found = scanner.next();
      if (scanner.damaged_at()) damage(*scanner.damaged_at(), bad("no block"));
      if (!found) return outcome_;
      SATCHEL_TRY(block(*found));
      if (outcome_.other_campaign) return outcome_;
      if (between_ && taken_bytes_ >= kTakenBetween) {
        taken_bytes_ = 0;
        SATCHEL_TRY(between_());
      }
    }
  }

 private:
  static Error bad(std::string what) { return {Code::kStickBad, std::move(what)}; }

  void note(std::uint64_t offset, Error error) {
    ++report_.damage_count;
    if (report_.damages.size() < kDamagesListed) report_.damages.push_back({file_, offset, std::move(error)});
  }
  void damage(std::uint64_t offset, Error error) {
    outcome_.whole = outcome_.settled = false;
    note(offset, std::move(error));
  }
  /// A block that is whole, and says something that we do not take.
  void refused(std::uint64_t offset, const Error& error) {
    if (error.code == Code::kPeerNotEnrolled) outcome_.settled = false;
    note(offset, error);
  }

  /// Nothing is wrong with it: another time, perhaps.
  void no_room(ByteView header_bytes) {
    outcome_.settled = false;
    const auto header = parse_header(header_bytes);
    ++(header && shelf_.for_us(header->id.log) ? report_.no_room_ours : report_.no_room_others);
  }

  Result<void> block(const BlockScanner::Found& found) {
    if (found.head.kind == BlockKind::bundle && (!found.cut || ++cut_blocks_ <= kCutBlocksMax)) return bundle(found);
    if (found.cut) {
      damage(found.offset, bad("cut off"));
      return {};
    }
    const auto content = small_content(found);
    if (!content) {
      damage(found.offset, content.error());
      return {};
    }
    switch (found.head.kind) {
      case BlockKind::opening: opening(found.offset, *content); break;
      case BlockKind::member: member(found.offset, *content); break;
      case BlockKind::receipt: return receipt(found.offset, *content);
      case BlockKind::bundle:
      case BlockKind::manifest:
      case BlockKind::note: damage(found.offset, bad("a block that has no place in a segment")); break;
    }
    return {};
  }

  Result<Bytes> small_content(const BlockScanner::Found& found) {
    if (found.head.length > kSmallBlockMax) return bad("too long");
    SATCHEL_TRY_ASSIGN(const Bytes whole, read(found.offset, kBlockOverhead + found.head.length));
    auto content = single_block(whole, found.head.kind);
    if (!content) return bad("digest");
    return *std::move(content);
  }

  Result<Bytes> read(std::uint64_t offset, std::size_t n) {
    report_.bytes_read += n;
    return source_.read(offset, n);
  }

  void opening(std::uint64_t offset, ByteView content) {
    ByteReader in{content};
    const core::CampaignId campaign{in.u64_be()};
    if (in.ok() && campaign != membership_.founding().id()) {
      outcome_.other_campaign = true;
      return;
    }
    member(offset, in.rest());
  }

  void member(std::uint64_t offset, ByteView certificate) {
    const auto decoded = core::decode_member(certificate, membership_.founding());
    if (!decoded) return refused(offset, decoded.error());
    const bool is_new = !membership_.find(decoded->number);
    if (auto added = membership_.add(*decoded); !added) return refused(offset, added.error());
    if (is_new) report_.new_members.push_back(*decoded);
  }

  Result<void> receipt(std::uint64_t offset, ByteView content) {
    const core::Founding& founding = membership_.founding();
    const auto decoded = core::decode_receipt(content, founding.id(), founding.hub_sign);
    if (!decoded) {
      refused(offset, decoded.error());
      return {};
    }
    SATCHEL_TRY_ASSIGN(const bool newer, shelf_.hear_receipt(*decoded));
    report_.receipt = report_.receipt || newer;
    return {};
  }

  /// A bundle streams into the shelf while its digest is computed: of a block that is damaged or cut, every chunk that is whole
  /// is kept, because the shelf proves each one by itself.
  Result<void> bundle(const BlockScanner::Found& found) {
    const std::uint64_t available = std::min<std::uint64_t>(found.head.length, source_.size() - found.content());
    const std::size_t front_size = static_cast<std::size_t>(std::min<std::uint64_t>(available, kHashSize + 5 + kHeaderMax));
    const auto front = read(found.content(), front_size);
    if (!front) {
      damage(found.offset, front.error());
      return {};
    }
    ByteReader in{*front};
    const auto previous = in.fixed<core::Hash>();
    const ByteView header = in.sized(kHeaderMax);
    if (!in.ok()) {
      damage(found.offset, bad(found.cut ? "cut off" : "front of a bundle"));
      return {};
    }
    const std::size_t body_at = front->size() - in.remaining();
    core::Hasher digest;
    digest.add(digest_prefix(found.head)).add(ByteView{*front}.first(body_at));
    SATCHEL_TRY_ASSIGN(const Begin begin, shelf_.begin(header, previous));
    SATCHEL_TRY_ASSIGN(const bool streamed, body(found, begin, header, body_at, available, digest));
    const bool sound = streamed && !found.cut && digest_fits(found, digest);
    if (!sound) {
      damage(found.offset, bad(found.cut ? "cut off" : "digest"));
    } else if (begin.outcome == Begin::Outcome::refused) {
      if (begin.refusal->code == Code::kQuota) {
        no_room(header);
      } else {
        refused(found.offset, *begin.refusal);
      }
    } else if (begin.outcome == Begin::Outcome::take && !finished_) {
      refused(found.offset, Error{Code::kHashBad, "body"});  // a sound block around a body that is not the author's
    }
    if (begin.outcome == Begin::Outcome::have) ++report_.known;
    return {};
  }

  /// Reads the body to its end; false when the stick could not.
  Result<bool> body(const BlockScanner::Found& found, const Begin& begin, ByteView header_bytes, std::size_t body_at,
                    std::uint64_t available, core::Hasher& digest) {
    finished_ = false;
    const auto header = parse_header(header_bytes);
    bool taking = header && begin.outcome == Begin::Outcome::take;
    std::uint64_t at = body_at;
    // What lies beyond the body's own length belongs to the block, not to the bundle.
    const std::uint64_t body_end = header ? body_at + header->body_size() : body_at;
    while (at < available) {
      const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(kStep, available - at));
      const auto piece = read(found.content() + at, step);
      if (!piece) return false;
      digest.add(*piece);
      if (taking && at < body_end) {
        const ByteView ours = ByteView{*piece}.first(static_cast<std::size_t>(std::min<std::uint64_t>(step, body_end - at)));
        const auto progress = shelf_.take(header->id, at - body_at, ours, Shelf::Pace::fast);
        if (!progress && progress.error().code != Code::kEquivocation) return progress.error();
        taking = progress && !progress->damaged && !progress->whole;
        if (progress && progress->whole) count(*header);
      }
      at += step;
    }
    return true;
  }

  void count(const Header& header) {
    finished_ = true;
    Tally& lane = report_.bundles[core::lane_index(header.id.log.lane)];
    ++lane.bundles;
    lane.bytes += header.bytes.size() + header.body_size();
    taken_bytes_ += header.body_size();
  }

  bool digest_fits(const BlockScanner::Found& found, core::Hasher& digest) {
    const auto there = read(found.content() + found.head.length, kBlockDigestSize);
    return there && core::same_bytes(*there, digest.finish().view());
  }

  ByteSource& source_;
  const std::string& file_;
  Shelf& shelf_;
  core::Membership& membership_;
  StickReport& report_;
  const BetweenBundles& between_;
  std::uint64_t taken_bytes_ = 0;  ///< since between_ was called
  SegmentOutcome outcome_;
  std::size_t cut_blocks_ = 0;
  bool finished_ = false;
};

}  // namespace

Result<SegmentOutcome> read_segment(ByteSource& source, const std::string& file, Shelf& shelf, core::Membership& membership,
                                    StickReport& report, const BetweenBundles& between) {
  return Reader{source, file, shelf, membership, report, between}.run();
}

}  // namespace satchel::protocol
