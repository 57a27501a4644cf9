#include <algorithm>

#include "core/record/frontier.h"
#include "protocol/session/messages.h"
#include "tests/vectors/kinds.h"

/// Hello, frame.
namespace satchel::tests {
namespace {

using core::Bytes;
using core::ByteView;
using core::Result;
using protocol::MessageKind;

core::LogId log_of(const std::vector<std::uint64_t>& row) {
  return {{core::NodeNumber{static_cast<std::uint32_t>(row[0])}, core::Incarnation{row[1]}},
          core::Audience{static_cast<std::uint32_t>(row[2])},
          static_cast<core::Lane>(row[3])};
}

protocol::Hello hello_of(const Fields& in) {
  protocol::Hello hello;
  hello.node = core::NodeNumber{static_cast<std::uint32_t>(in.number("node"))};
  hello.role = static_cast<core::Role>(in.number("role"));
  const auto receipt = numbers(in.text("receipt"));
  hello.receipt = {static_cast<std::uint32_t>(receipt[0]), receipt[1]};
  const auto way = numbers(in.text("way"));
  hello.way = {static_cast<std::uint8_t>(way[0]), static_cast<std::uint8_t>(way[1])};
  const Bytes memory = in.hex("memory");
  std::ranges::copy(memory, hello.memory.emplace().begin());
  hello.news.emplace();
  for (const std::string& line : in.all("raised")) hello.news->raised.emplace_back(numbers(line)[0], numbers(line)[1]);
  for (const std::string& line : in.all("fresh")) hello.news->fresh.raise(log_of(numbers(line)), core::Seq{numbers(line)[4]});
  for (const std::string& line : in.all("partial")) {
    const auto row = numbers(line);
    hello.partials.push_back({{log_of(row), core::Seq{row[4]}}, row[5]});
  }
  for (const std::string& line : in.all("beyond")) {
    const auto row = numbers(line);
    hello.beyond.push_back({log_of(row), core::Seq{row[4]}, row[5]});
  }
  hello.certificate = in.hex("certificate");
  hello.messages = in.hex("messages");
  return hello;
}

Result<void> read_hello(const Fields&, ByteView bytes) {
  SATCHEL_TRY_ASSIGN(const protocol::Hello hello, protocol::decode_hello(bytes));
  if (hello.messages.empty()) return {};
  return only(protocol::decode_frame(hello.messages));
}

Kind hello_kind() {
  return {"hello",
          "Hello",
          "of a caller that remembers a meeting; way is hops and lanes without room, raised is index and by how much, fresh is "
          "node, incarnation, audience, lane, "
          "position, "
          "partial the same with seq and offset, beyond with the first seq of a run and how many it holds",
          [](Cast& cast, Fields& out) {
            out.add("node", 2);
            out.add("role", 2);
            out.add("receipt", "1 300");
            out.add("way", "2 12");
            out.add("memory", cast.bytes(16));
            out.add("raised", "0 3");
            out.add("raised", "4 200");
            out.add("fresh", "3 9 0 1 5");
            out.add("partial", "1 1311768467463790320 0 2 7 32768");
            out.add("beyond", "1 1311768467463790320 0 2 9 3");
            out.add("beyond", "1 1311768467463790320 0 2 14 1");
            out.add("beyond", "3 9 0 1 300 2");
            out.add("certificate", core::encode(cast.relay_member()));
            out.add("messages", Bytes{13, 0});
          },
          [](const Fields& in) { return protocol::encode(hello_of(in)); },
          read_hello,
          [](const Fields& in, const Bytes& bytes) -> Cases {
            protocol::Hello plain = hello_of(in);
            plain.memory.reset();
            plain.news.reset();
            plain.certificate.clear();
            plain.messages.clear();
            plain.partials.clear();
            plain.beyond.clear();
            const Bytes small = protocol::encode(plain);
            Bytes partials_bomb = small;
            partials_bomb.pop_back();
            core::append(partials_bomb, core::ByteWriter{}.varint(1ULL << 40).bytes());
            Bytes frontier_bomb = core::to_bytes(ByteView{small}.first(small.size() - 3));
            core::append(frontier_bomb, core::ByteWriter{}.varint(1ULL << 40).bytes());
            protocol::Hello touching = hello_of(in);
            touching.beyond[1].first = core::Seq{12};
            protocol::Hello bomb = hello_of(in);
            bomb.beyond[2].count = 1ULL << 40;
            const std::uint8_t shape = bytes[1];
            return {{"nothing", {}},
                    {"newer version", with(bytes, 0, 2)},
                    {"a role that does not exist", with(bytes, 1, static_cast<std::uint8_t>(shape | 3U))},
                    {"bundles beyond a gap that are announced and not there",
                     with(small, 1, static_cast<std::uint8_t>(small[1] | 128U))},
                    {"runs beyond a gap that touch", protocol::encode(touching)},
                    {"more bundles beyond gaps than are allowed", protocol::encode(bomb)},
                    {"a memory without news", with(small, 1, static_cast<std::uint8_t>(small[1] | 32U))},
                    {"a certificate that is announced and not there", with(small, 1, static_cast<std::uint8_t>(small[1] | 8U))},
                    {"more partials than are allowed", partials_bomb},
                    {"a frontier longer than all", frontier_bomb}};
          },
          "hello"};
}

Kind frame_kind() {
  return {"frame",
          "Messages",
          "the plaintext of one frame with a message of each kind that is short",
          [](Cast& cast, Fields& out) {
            out.add("previous_root", cast.bytes(32));
            out.add("header", cast.bytes(20));
            out.add("frontier", "3 9 0 1 5");
            out.add("data", Bytes{1, 2, 3});
          },
          [](const Fields& in) {
            Bytes out;
            core::Frontier frontier;
            const auto row = numbers(in.text("frontier"));
            frontier.raise(log_of(row), core::Seq{row[4]});
            const Bytes header = in.hex("header");
            const Bytes data = in.hex("data");
            const auto previous = core::Hash::from(in.hex("previous_root"));
            append_message(out, protocol::ReceiptPart{true, data, {1, 8}});
            append_message(out, protocol::FrontierPart{true, frontier});
            append_message(out, protocol::BundleOffer{300, previous, header});
            append_message(out, protocol::DataPiece{core::Lane::photo, 300, data});
            append_message(out, protocol::DataPiece{{core::Lane::record, true, true}, 0, data});
            append_message(out, protocol::Answer{MessageKind::accept, 1, 300, {}});
            append_message(out, protocol::Answer{MessageKind::skip, 2, 0, {}});
            append_message(out, protocol::Answer{MessageKind::refuse, 5, 0, core::Code::kQuota});
            append_message(out, protocol::Answer{MessageKind::previous, 3, 0, {}});
            append_message(out, protocol::Answer{MessageKind::back, 5, 32768, {}});
            append_message(out, protocol::Stored{{0, 1, 300}});
            for (const auto kind : {MessageKind::done, MessageKind::ping, MessageKind::pong}) {
              append_message(out, protocol::Plain{kind});
            }
            append_message(out, protocol::WayMessage{{2, 8}});
            append_message(out, protocol::TagMessage{{core::log_tag({{log_of(row), {core::Seq{row[4]}, *previous}}})}});
            append_message(out, protocol::ShowMessage{frontier});
            append_message(out, protocol::Bye{core::Code::kStoreIo});
            return out;
          },
          [](const Fields&, ByteView bytes) { return only(protocol::decode_frame(bytes)); },
          [](const Fields&, const Bytes& bytes) -> Cases {
            return {{"nothing", {}},
                    {"a kind that does not exist", with(bytes, 0, 99)},
                    {"a flag that is neither 0 nor 1", with(bytes, 2, 2)},
                    {"a length beyond the frame", Bytes{5, 0xFF, 0xFF, 0x0F, 2, 0}},
                    {"data of a stream that does not exist", Bytes{5, 3, 16, 0, 1}},
                    {"data of no byte", Bytes{5, 2, 2, 0}},
                    {"stored of nothing", Bytes{11, 0}},
                    {"done with a body", Bytes{12, 1, 0}},
                    {"show of what is no frontier", Bytes{18, 0}},
                    {"a tag of three bytes", Bytes{17, 3, 1, 2, 3}},
                    {"a tag of five bytes", Bytes{17, 5, 1, 2, 3, 4, 5}},
                    {"a reference in two bytes where one is enough", Bytes{7, 2, 0x80, 0x00}}};
          },
          "frame"};
}

}  // namespace

std::vector<Kind> session_kinds() { return {hello_kind(), frame_kind()}; }

}  // namespace satchel::tests
