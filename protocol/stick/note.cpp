#include "protocol/stick/note.h"

#include "protocol/limits.h"
#include "protocol/stick/block.h"

namespace satchel::protocol {

using core::ByteReader;
using core::Bytes;
using core::ByteView;
using core::ByteWriter;
using core::Code;
using core::Error;

namespace {

constexpr std::string_view kNoteContext = "satchel stick note";

Bytes signature_input(core::CampaignId campaign, ByteView content) {
  ByteWriter out;
  out.u64_be(campaign.value).raw(content);
  return std::move(out).take();
}

}  // namespace

Bytes encode_file(const Note& note, core::CampaignId campaign, const core::SignKeys& reader) {
  ByteWriter out;
  out.u32(note.reader.value).sized(core::encode(note.frontier)).varint(note.damaged.size());
  for (const core::Hash& hash : note.damaged) out.raw(hash.view());
  Bytes content = std::move(out).take();
  const core::Signature signature = core::sign(reader, kNoteContext, signature_input(campaign, content));
  core::append(content, signature.view());
  return make_block(BlockKind::note, content);
}

core::Result<Note> decode_note_file(ByteView file, const core::Membership& membership) {
  const Error bad{Code::kStickBad, "note of a reader"};
  const auto content = single_block(file, BlockKind::note);
  if (!content || content->size() < core::Signature::kSize) return bad;
  const ByteView signed_part = ByteView{*content}.first(content->size() - core::Signature::kSize);
  ByteReader in{*content};
  Note out;
  out.reader.value = in.u32();
  const ByteView frontier = in.sized(kNoteMax);
  const std::uint64_t damaged = in.varint();
  if (!in.ok() || damaged > kSegmentsMax || damaged > in.remaining() / core::Hash::kSize) return bad;
  for (std::uint64_t i = 0; i < damaged; ++i) out.damaged.push_back(in.fixed<core::Hash>());
  const core::Signature signature = in.fixed<core::Signature>();
  if (!in.done()) return bad;
  const auto reader = membership.find(out.reader);
  if (!reader) return Code::kPeerNotEnrolled;
  if (!core::verify(reader->sign, kNoteContext, signature_input(membership.founding().id(), signed_part), signature)) {
    return Code::kSignatureBad;
  }
  auto parsed = core::decode_frontier(frontier);
  if (!parsed) return bad;
  out.frontier = *std::move(parsed);
  return out;
}

}  // namespace satchel::protocol
