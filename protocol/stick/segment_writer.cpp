#include "protocol/stick/segment_writer.h"

#include <algorithm>

#include "protocol/limits.h"

namespace satchel::protocol {

using core::Bytes;
using core::ByteView;
using core::Code;
using core::Error;
using core::Result;

namespace {

constexpr std::size_t kStep = 64 * 1024;
/// Certificate of an author: name of 100 bytes, two keys, a signature, and little else.
constexpr std::uint64_t kMemberBlockMax = 512;

}  // namespace

Result<SegmentWriter> SegmentWriter::create(core::Disk& disk, std::string path, const core::Member& writer) {
  SegmentWriter out{disk, std::move(path)};
  SATCHEL_TRY_ASSIGN(out.file_, disk.create(out.path_));
  core::ByteWriter opening;
  opening.u64_be(writer.campaign.value).raw(core::encode(writer));
  SATCHEL_TRY(out.put_block(BlockKind::opening, opening.bytes()));
  out.certified_.insert(writer.number);
  return out;
}

SegmentWriter::~SegmentWriter() {
  if (!file_) return;
  file_.reset();
  // Nobody knows of it yet. That it cannot be removed changes nothing: a later write finds it unlisted.
  static_cast<void>(disk_->remove(path_));
}

Result<void> SegmentWriter::put(ByteView bytes) {
  SATCHEL_TRY(file_->append(bytes));
  hasher_.add(bytes);
  size_ += bytes.size();
  return {};
}

Result<void> SegmentWriter::put_block(BlockKind kind, ByteView content) { return put(make_block(kind, content)); }

Result<void> SegmentWriter::add_receipt(const core::Receipt& receipt) {
  SATCHEL_TRY(put_block(BlockKind::receipt, core::encode(receipt)));
  receipt_epoch_ = receipt.epoch;
  receipt_version_ = receipt.version;
  return {};
}

std::uint64_t SegmentWriter::cost(const Header& header) const {
  return kBlockOverhead + kHashSize + 5 + header.bytes.size() + header.body_size() + kMemberBlockMax;
}

Result<void> SegmentWriter::put_body(const Shelf& shelf, const core::BundleId& id, const Header& header, core::Hasher& digest) {
  for (std::uint64_t at = 0; at < header.body_size();) {
    SATCHEL_TRY_ASSIGN(const Bytes piece, shelf.read(id, at, kStep));
    if (piece.empty()) return Error{Code::kStoreDamaged, "body has a hole"};
    digest.add(piece);
    SATCHEL_TRY(put(piece));
    at += piece.size();
  }
  return {};
}

Result<void> SegmentWriter::add_bundle(const Shelf& shelf, const core::BundleId& id, const Header& header) {
  const auto author = shelf.membership().find(id.log.author.node);
  if (author && !certified_.contains(author->number)) {
    SATCHEL_TRY(put_block(BlockKind::member, core::encode(*author)));
    certified_.insert(author->number);
  }
  SATCHEL_TRY_ASSIGN(const auto previous, shelf.previous_root(id));
  if (!previous) return Error{Code::kPictureNotHere, {}};
  core::ByteWriter front;
  front.raw(previous->view()).sized(header.bytes);
  const std::uint64_t length = front.bytes().size() + header.body_size();
  const BlockHead head{BlockKind::bundle, static_cast<std::uint32_t>(length)};
  core::Hasher digest;
  digest.add(digest_prefix(head)).add(front.bytes());
  SATCHEL_TRY(put(block_head(head)));
  SATCHEL_TRY(put(front.bytes()));
  SATCHEL_TRY(put_body(shelf, id, header, digest));
  SATCHEL_TRY(put(digest.finish().view()));
  bundles_.push_back(id);
  return {};
}

Result<core::Hash> SegmentWriter::read_back() const {
  core::Hasher hasher;
  for (std::uint64_t at = 0; at < size_;) {
    SATCHEL_TRY_ASSIGN(const Bytes piece,
                       disk_->read_at(path_, at, static_cast<std::size_t>(std::min<std::uint64_t>(kStep, size_ - at))));
    if (piece.empty()) return Code::kStickReadBack;
    hasher.add(piece);
    at += piece.size();
  }
  return hasher.finish();
}

Result<Manifest::Segment> SegmentWriter::finish(std::uint32_t counter) {
  SATCHEL_TRY(file_->sync());
  const core::Hash written = hasher_.finish();
  // What the system remembers of the file is not what lies on the stick. That it cannot forget changes nothing else.
  static_cast<void>(disk_->forget_cached(path_));
  SATCHEL_TRY_ASSIGN(const core::Hash there, read_back());
  if (there != written) return Code::kStickReadBack;
  file_.reset();
  return Manifest::Segment{counter, size_, written, receipt_epoch_, receipt_version_, to_ranges(bundles_)};
}

}  // namespace satchel::protocol
