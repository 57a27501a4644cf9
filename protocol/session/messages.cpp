#include "protocol/session/messages.h"

#include "protocol/link/limits.h"

namespace satchel::protocol {

namespace {

using core::ByteReader;
using core::Bytes;
using core::ByteView;
using core::ByteWriter;
using core::Code;
using core::Error;
using core::Result;

constexpr std::size_t kCodeIdMax = 40;

Error malformed(const char* what) { return Error{Code::kMalformed, what}; }

/// Writes kind and body of each kind of message.
struct Writer {
  ByteWriter body;
  MessageKind kind = MessageKind::done;

  void operator()(const ReceiptPart& part) {
    kind = MessageKind::receipt;
    body.u8(part.last ? 1 : 0).u8(encode(part.way)).raw(part.bytes);
  }
  void operator()(const MemberMessage& member) {
    kind = MessageKind::member;
    body.raw(member.certificate);
  }
  void operator()(const FrontierPart& part) {
    kind = MessageKind::frontier;
    body.u8(part.last ? 1 : 0).raw(core::encode(part.frontier));
  }
  void operator()(const BundleOffer& offer) {
    kind = MessageKind::bundle;
    body.u8(offer.previous_root ? 1 : 0).varint(offer.offset);
    if (offer.previous_root) body.raw(offer.previous_root->view());
    body.raw(offer.header);
  }
  void operator()(const DataPiece& piece) {
    kind = MessageKind::data;
    body.u8(static_cast<std::uint8_t>(piece.stream.index())).varint(piece.offset).raw(piece.bytes);
  }
  void operator()(const Answer& answer) {
    kind = answer.kind;
    body.varint(answer.ref);
    if (answer.kind == MessageKind::accept || answer.kind == MessageKind::back) body.varint(answer.offset);
    if (answer.kind == MessageKind::refuse) body.raw(code_bytes(answer.code));
  }
  void operator()(const Stored& stored) {
    kind = MessageKind::stored;
    for (const std::uint64_t ref : stored.refs) body.varint(ref);
  }
  void operator()(const Plain& plain) { kind = plain.kind; }
  void operator()(const Bye& bye) {
    kind = MessageKind::bye;
    body.raw(code_bytes(bye.code));
  }
  void operator()(const WayMessage& said) {
    kind = MessageKind::way;
    body.u8(encode(said.way));
  }
  void operator()(const TagMessage& said) {
    kind = MessageKind::tag;
    for (const core::LogTag& tag : said.tags) body.raw(tag.view());
  }
  void operator()(const ShowMessage& said) {
    kind = MessageKind::show;
    body.raw(core::encode(said.ends));
  }
};

Result<bool> read_flag(ByteReader& in) {
  const std::uint8_t flag = in.u8();
  if (!in.ok() || flag > 1) return malformed("flag");
  return flag == 1;
}

Result<Message> read_bundle(ByteReader& in) {
  SATCHEL_TRY_ASSIGN(const bool with_previous, read_flag(in));
  BundleOffer offer;
  offer.offset = in.varint();
  if (with_previous) offer.previous_root = in.fixed<core::Hash>();
  offer.header = in.rest();
  if (!in.ok() || offer.header.empty()) return malformed("bundle");
  return Message{offer};
}

Result<Message> read_data(ByteReader& in) {
  const std::uint8_t stream = in.u8();
  DataPiece piece;
  piece.offset = in.varint();
  piece.bytes = in.rest();
  if (!in.ok() || stream >= kStreams || piece.bytes.empty()) return malformed("data");
  piece.stream = stream_at(stream);
  return Message{piece};
}

Result<Message> read_answer(MessageKind kind, ByteReader& in) {
  Answer answer;
  answer.kind = kind;
  answer.ref = in.varint();
  if (kind == MessageKind::accept || kind == MessageKind::back) answer.offset = in.varint();
  if (kind == MessageKind::refuse) {
    const ByteView id = in.rest();
    if (id.empty() || id.size() > kCodeIdMax) return malformed("refuse");
    answer.code = code_from(id);
  }
  if (!in.done()) return malformed("answer");
  return Message{answer};
}

Result<Message> read_stored(ByteReader& in) {
  Stored stored;
  while (in.ok() && in.remaining() > 0) stored.refs.push_back(in.varint());
  if (!in.ok() || stored.refs.empty()) return malformed("stored");
  return Message{std::move(stored)};
}

Result<Message> read_message(MessageKind kind, ByteView body) {
  ByteReader in{body};
  switch (kind) {
    case MessageKind::receipt: {
      SATCHEL_TRY_ASSIGN(const bool last, read_flag(in));
      const Way way = decode_way(in.u8());
      const ByteView bytes = in.rest();
      if (!in.ok()) return malformed("receipt");
      return Message{ReceiptPart{last, bytes, way}};
    }
    case MessageKind::member: return Message{MemberMessage{in.rest()}};
    case MessageKind::frontier: {
      SATCHEL_TRY_ASSIGN(const bool last, read_flag(in));
      SATCHEL_TRY_ASSIGN(core::Frontier frontier, core::decode_frontier(in.rest()));
      return Message{FrontierPart{last, std::move(frontier)}};
    }
    case MessageKind::bundle: return read_bundle(in);
    case MessageKind::data: return read_data(in);
    case MessageKind::accept:
    case MessageKind::skip:
    case MessageKind::refuse:
    case MessageKind::previous:
    case MessageKind::back: return read_answer(kind, in);
    case MessageKind::stored: return read_stored(in);
    case MessageKind::done:
    case MessageKind::ping:
    case MessageKind::pong:
      if (!body.empty()) return malformed("a message without content has some");
      return Message{Plain{kind}};
    case MessageKind::bye:
      if (body.empty() || body.size() > kCodeIdMax) return malformed("bye");
      return Message{Bye{code_from(body)}};
    case MessageKind::way: {
      const Way way = decode_way(in.u8());
      if (!in.done()) return malformed("way");
      return Message{WayMessage{way}};
    }
    case MessageKind::tag: {
      TagMessage said;
      while (in.ok() && in.remaining() > 0 && said.tags.size() < kTagLivesMax) said.tags.push_back(in.fixed<core::LogTag>());
      if (!in.done() || said.tags.empty()) return malformed("tag");
      return Message{std::move(said)};
    }
    case MessageKind::show: {
      SATCHEL_TRY_ASSIGN(core::Frontier ends, core::decode_frontier(body));
      return Message{ShowMessage{std::move(ends)}};
    }
  }
  return malformed("unknown message");
}

}  // namespace

void append_message(Bytes& frame, const Message& message) {
  Writer writer;
  std::visit(writer, message);
  ByteWriter head;
  head.u8(static_cast<std::uint8_t>(writer.kind)).varint(writer.body.bytes().size());
  core::append(frame, head.bytes());
  core::append(frame, writer.body.bytes());
}

Result<std::vector<Message>> decode_frame(ByteView plain) {
  if (plain.empty()) return malformed("empty frame");
  std::vector<Message> out;
  ByteReader in{plain};
  while (in.remaining() > 0) {
    const auto kind = static_cast<MessageKind>(in.u8());
    const ByteView body = in.sized(kFramePlainMax);
    if (!in.ok()) return malformed("message");
    SATCHEL_TRY_ASSIGN(Message message, read_message(kind, body));
    out.push_back(std::move(message));
  }
  return out;
}

Bytes code_bytes(Code code) { return core::to_bytes(core::as_bytes(core::info(code).id)); }

Code code_from(ByteView id) {
  for (const core::CodeInfo& each : core::all_codes()) {
    if (core::same_bytes(core::as_bytes(each.id), id)) return each.code;
  }
  return Code::kRefusedByPeer;
}

}  // namespace satchel::protocol
