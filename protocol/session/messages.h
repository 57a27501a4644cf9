#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/crypto/membership.h"
#include "core/record/frontier.h"
#include "core/record/log_tag.h"
#include "protocol/session/memory.h"
#include "protocol/session/stream.h"
#include "protocol/shelf/shelf.h"

namespace satchel::protocol {

/// Which receipt: (0, 0) is none.
struct ReceiptMark {
  std::uint32_t epoch = 0;
  std::uint64_t version = 0;
  auto operator<=>(const ReceiptMark&) const = default;
};

/// The payload of both handshake messages.
struct Hello {
  core::NodeNumber node;
  core::Role role = core::Role::site;
  ReceiptMark receipt;
  Way way{};
  core::Frontier frontier;  ///< what of it the peer may need; the rest follows when `whole` is false
  /// Instead of `frontier`: what is new since the last meeting. From who answers it also says that it holds the memory named.
  std::optional<FrontierDelta> news;
  std::optional<MemoryDigest> memory;  ///< with `news` from who calls: which meeting that was
  bool whole = true;
  bool nothing = false;  ///< stands for a first `done`: who answers knows already that it has nothing for the peer
  std::vector<Partial> partials;
  /// Bundles that are whole there beyond a gap of their log, and need not come. At most kBeyondMax of them in kBeyondRunsMax
  /// runs.
  std::vector<BeyondGap> beyond;
  core::Bytes certificate;  ///< encode(Member), or empty
  core::Bytes messages;     ///< as in a frame, or empty: what goes with the handshake
};
/// At most kHelloMax bytes and the messages.
core::Bytes encode(const Hello& hello);
/// kMalformed, kVersionUnknown, kLimitExceeded. Does not look at the certificate, nor into the messages.
core::Result<Hello> decode_hello(core::ByteView bytes);

/// First byte of a message inside a frame of the open channel. The values stand on the wire.
enum class MessageKind : std::uint8_t {
  receipt = 1,
  member = 2,
  frontier = 3,
  bundle = 4,
  data = 5,
  accept = 6,    ///< I have more than you think: go on from there
  skip = 7,      ///< I have it
  refuse = 8,    ///< I do not take it, and why
  previous = 9,  ///< send it again with the root of the bundle before
  back = 10,     ///< what came was damaged or missing: send it again from there
  stored = 11,   ///< these are durable here
  done = 12,     ///< nothing more at the moment; taken back by whatever follows that is no answer, and by the hub's `stored`
  ping = 13,
  pong = 14,
  bye = 15,   ///< I leave because of an error
  way = 16,   ///< what I said of myself as a way to the hub has changed: there is room again, or no more
  tag = 17,   ///< how your own logs read here, as far as my frontier says that I hold them
  show = 18,  ///< they read otherwise here: show me what stands there
};

struct ReceiptPart {
  bool last = true;
  core::ByteView bytes;
  Way way{};  ///< of the sender, as it is now
};
struct FrontierPart {
  bool last = true;
  core::Frontier frontier;
};
struct BundleOffer {
  std::uint64_t offset = 0;
  std::optional<core::Hash> previous_root;
  core::ByteView header;
};
struct DataPiece {
  Stream stream;
  std::uint64_t offset = 0;
  core::ByteView bytes;
};
/// accept, skip, refuse, previous, back. `ref` counts the peer's bundle messages in this session, from 0.
struct Answer {
  MessageKind kind = MessageKind::skip;
  std::uint64_t ref = 0;
  std::uint64_t offset = 0;                 ///< accept, back
  core::Code code = core::Code::kInternal;  ///< refuse
};
struct MemberMessage {
  core::ByteView certificate;
};
struct Stored {
  std::vector<std::uint64_t> refs;
};
struct Plain {
  MessageKind kind = MessageKind::done;  ///< done, ping, pong
};
struct Bye {
  core::Code code = core::Code::kInternal;
};
struct WayMessage {
  Way way{};
};
struct TagMessage {
  std::vector<core::LogTag> tags;  ///< by life of the author, ascending; at most kTagLivesMax
};
struct ShowMessage {
  core::Frontier ends;  ///< of my logs: how far I wrote them, at most what you said that you hold
};
/// Views borrow from the frame.
using Message = std::variant<ReceiptPart, MemberMessage, FrontierPart, BundleOffer, DataPiece, Answer, Stored, Plain, Bye,
                             WayMessage, TagMessage, ShowMessage>;

/// kind(1) ‖ length varint ‖ body: appended to a frame's plaintext.
void append_message(core::Bytes& frame, const Message& message);
/// The messages of one frame, in order. kMalformed for anything that append_message() would not write.
core::Result<std::vector<Message>> decode_frame(core::ByteView plain);

/// A code as it stands on the wire: its stable id. Unknown ids (of a newer version) come back as kRefusedByPeer.
core::Bytes code_bytes(core::Code code);
core::Code code_from(core::ByteView id);

}  // namespace satchel::protocol
