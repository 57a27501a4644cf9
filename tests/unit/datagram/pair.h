#pragma once

#include <algorithm>
#include <array>
#include <deque>

#include "protocol/datagram/stream.h"
#include "tests/support/line.h"
#include "tests/support/with_crypto.h"

namespace satchel::tests {

using protocol::DatagramStream;
using protocol::NetworkPlace;

inline NetworkPlace place(std::uint8_t host, std::uint16_t port) {
  NetworkPlace out;
  out.value[10] = out.value[11] = 0xFF;
  out.value[12] = 192;
  out.value[14] = 2;
  out.value[15] = host;
  out.value[16] = static_cast<std::uint8_t>(port >> 8U);
  out.value[17] = static_cast<std::uint8_t>(port);
  return out;
}

/// A caller and an answerer with a line each way, in virtual time; the caller has `to_send` bytes of a known pattern to bring,
/// and so has the answerer.
class Pair {
 public:
  Pair(const LineShape& up, const LineShape& down, std::uint64_t seed, bool with_pass = true)
      : rng_(seed), up_(up, seed * 2 + 1, seed), down_(down, seed * 2 + 2, seed), gate_(core::SecretBytes{core::ByteView{key_}}) {
    std::optional<protocol::Pass> pass;
    if (with_pass) pass = gate_.pass_for(here);
    caller.emplace(DatagramStream::caller(id, answerer_place, pass, std::nullopt, now));
  }

  static std::uint8_t pattern(std::uint64_t at) { return static_cast<std::uint8_t>(at * 131 + (at >> 9U)); }

  /// Runs until `until` or until done() says so.
  template <class Done>
  void run(core::MonoUs until, Done done) {
    while (now < until) {
      pump();
      if (done()) return;
      std::optional<core::MonoUs> next = until;
      const auto no_later = [&](std::optional<core::MonoUs> at) {
        if (at && *at < *next) next = *at;
      };
      no_later(up_.next_at());
      no_later(down_.next_at());
      no_later(caller->deadline());
      if (answerer && !busy) no_later(answerer->deadline());
      if (!busy && !waiting_.empty()) no_later(takes_at_);
      now = std::max(*next, now + 1);
    }
  }
  void run(std::int64_t us) {
    run(now + us, [] { return false; });
  }

  void pump() {
    while (auto datagram = up_.take(now)) waiting_.push_back(*std::move(datagram));
    for (int batch = 0; batch < 8 && !busy && !waiting_.empty() && now >= takes_at_; ++batch) {
      to_answerer(waiting_.front());
      waiting_.pop_front();
    }
    if (busy || (!waiting_.empty() && now >= takes_at_)) takes_at_ = now + kTakesUs;
    while (auto datagram = down_.take(now)) {
      const auto packet = protocol::decode_packet(*datagram);
      SATCHEL_CHECK(packet.has_value());
      if (packet->id == id) caller->receive(*packet, answerer_place, now);
    }
    work(*caller, to_send_up, sent_up, received_down);
    if (answerer && !busy) work(*answerer, to_send_down, sent_down, received_up);
    while (auto out = caller->next_datagram(now)) {
      up_.put(std::move(out->bytes), protocol::kDatagramEnvelope, now);
      work(*caller, to_send_up, sent_up, received_down);
    }
    if (!answerer || busy) return;
    while (auto out = answerer->next_datagram(now)) {
      if (out->to == here) down_.put(std::move(out->bytes), protocol::kDatagramEnvelope, now);
      work(*answerer, to_send_down, sent_down, received_up);
    }
  }

  void to_answerer(core::ByteView datagram) {
    const auto packet = protocol::decode_packet(datagram);
    SATCHEL_CHECK(packet.has_value());
    if (!answerer) {
      const auto verdict = gate_.judge(*packet, here, true);
      if (verdict.answer) down_.put(*verdict.answer, protocol::kDatagramEnvelope, now);
      if (!verdict.admit) return;
      answerer.emplace(DatagramStream::answerer(packet->id, here, rng_, now));
    }
    answerer->receive(*packet, here, now);
  }

  Line& up() { return up_; }
  Line& down() { return down_; }

  core::MonoUs now{1'000'000};
  const protocol::ConnectionId id{0x1122334455667788ULL};
  NetworkPlace here = place(7, 40000);
  const NetworkPlace answerer_place = place(1, 7420);
  std::optional<DatagramStream> caller;
  std::optional<DatagramStream> answerer;
  std::uint64_t to_send_up = 0;
  std::uint64_t to_send_down = 0;
  std::uint64_t sent_up = 0;  ///< taken by the stream
  std::uint64_t sent_down = 0;
  std::uint64_t received_up = 0;
  std::uint64_t received_down = 0;
  bool finish_when_sent = false;
  bool busy = false;  ///< the answerer does something else; its system keeps what comes

 private:
  void work(DatagramStream& stream, std::uint64_t to_send, std::uint64_t& sent, std::uint64_t& received) {
    const core::ByteView arrived = stream.arrived();
    for (std::size_t i = 0; i < arrived.size(); ++i) SATCHEL_CHECK(arrived[i] == pattern(received + i));
    received += arrived.size();
    stream.taken(arrived.size());
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(stream.room(), to_send - sent));
    core::Bytes bytes(n);
    for (std::size_t i = 0; i < n; ++i) bytes[i] = pattern(sent + i);
    if (n > 0) stream.write(bytes);
    sent += n;
    if (finish_when_sent && sent == to_send) stream.finish();
  }

  /// Between two batches of what waited for a busy answerer.
  static constexpr std::int64_t kTakesUs = 5'000;
  static constexpr std::array<std::uint8_t, 32> key_{1, 2, 3};
  SeededRng rng_;
  Line up_;
  Line down_;
  std::deque<core::Bytes> waiting_;
  core::MonoUs takes_at_;
  protocol::Gate gate_;
};

}  // namespace satchel::tests
