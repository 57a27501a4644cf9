// A meeting over the program's datagram carrier: its gate, its streams, and lines that lose, double, delay and forge.
#include "tests/sim/meeting.h"

namespace satchel::tests {

using protocol::DatagramStream;
using protocol::NetworkPlace;
using protocol::Packet;

namespace {

NetworkPlace place(std::size_t machine, std::uint16_t port) {
  NetworkPlace out;
  out.value[10] = out.value[11] = 0xFF;
  out.value[12] = 10;
  out.value[14] = static_cast<std::uint8_t>(machine >> 8U);
  out.value[15] = static_cast<std::uint8_t>(machine);
  out.value[16] = static_cast<std::uint8_t>(port >> 8U);
  out.value[17] = static_cast<std::uint8_t>(port);
  return out;
}

constexpr std::uint16_t kPort = 7420;

class DatagramMeeting final : public Meeting {
 public:
  DatagramMeeting(MeetingOwner& owner, const EventQueue& events, LineState& line, SeededRng& rng, std::array<MeetingEnd, 2> both)
      : Meeting(owner, events, line, rng, std::move(both)),
        id_{rng.u64()},
        gate_(core::SecretBytes{core::ByteView{core::Bytes(32, 7)}}),
        shapes_{shape(0), shape(1)},
        ways_{Line{shapes_[0], rng.u64(), 0}, Line{shapes_[1], rng.u64(), 0}},
        caller_place_(place(ends[0].machine, port_)),
        answerer_place_(place(ends[1].machine, kPort)) {
    streams_[0].emplace(DatagramStream::caller(id_, answerer_place_, std::nullopt, std::nullopt, mono_us(0)));
    weather_changed();
  }

  /// Nobody can cut what is no connection: the caller's address changes instead, as behind a router that was switched on again.
  void cut(std::size_t) override { caller_place_ = place(ends[0].machine, ++port_); }
  void lose(std::size_t at, bool told) override {
    ends[at].talker.reset();
    streams_[at].reset();
    answers_gone_[at] = told;
  }
  void weather_changed() override {
    for (std::size_t from = 0; from < 2; ++from) {
      ways_[from].cut(!line_.up(from), now());
      ways_[from].set_rate(line_.rate(from));
    }
  }
  std::uint64_t wire_bytes() const override { return ways_[0].bytes_put() + ways_[1].bytes_put(); }

 protected:
  bool move() override {
    bool moved = false;
    for (std::size_t from = 0; from < 2; ++from) {
      while (auto datagram = ways_[from].take(now())) {
        moved = true;
        deliver(1 - from, *std::move(datagram));
      }
    }
    for (std::size_t at = 0; at < 2; ++at) moved |= work(at);
    return moved;
  }
  std::optional<core::MonoUs> carrier_next_at() const override {
    std::optional<core::MonoUs> out;
    const auto no_later = [&](core::MonoUs at) {
      if (!out || at < *out) out = at;
    };
    for (std::size_t at = 0; at < 2; ++at) {
      if (const auto next = ways_[at].next_at()) no_later(*next);
      if (!streams_[at]) continue;
      if (const auto due = streams_[at]->deadline()) no_later(now() + std::max<std::int64_t>(1, *due - mono_us(at)));
    }
    return out;
  }
  void hang_up(std::size_t at) override {
    if (streams_[at]) streams_[at]->finish();
  }

 private:
  LineShape shape(std::size_t) const {
    LineShape out{.bits_per_second = line_.plan.bits_per_second,
                  .delay_us = line_.plan.delay_us,
                  .loss = line_.plan.loss,
                  .burst = line_.plan.burst,
                  .doubled = line_.plan.doubled,
                  .overtaken = line_.plan.overtaken,
                  .late_us = 200 * kMs};
    return out;
  }
  NetworkPlace here(std::size_t at) const { return at == 0 ? caller_place_ : answerer_place_; }

  void deliver(std::size_t to, core::Bytes datagram) {
    meddle(datagram);
    const auto packet = protocol::decode_packet(datagram);
    if (!packet || packet->id != id_) return;
    if (!streams_[to] && to == 1 && !ends[1].gone()) {
      const auto verdict = gate_.judge(*packet, here(0), true);
      if (verdict.answer) put(1, *verdict.answer);
      if (!verdict.admit) return;
      streams_[1].emplace(DatagramStream::answerer(id_, here(0), rng_, mono_us(1)));
    }
    if (!streams_[to]) {
      if (answers_gone_[to] && packet->kind != protocol::PacketKind::gone) put(to, protocol::gone_packet(id_, to == 1));
      return;
    }
    streams_[to]->receive(*packet, here(1 - to), mono_us(to));
  }
  void put(std::size_t from, core::Bytes datagram) { ways_[from].put(std::move(datagram), protocol::kDatagramEnvelope, now()); }

  /// Bytes between the stream and the talker of one end.
  bool work(std::size_t at) {
    if (!streams_[at]) return false;
    DatagramStream& stream = *streams_[at];
    bool moved = false;
    if (const core::ByteView in = stream.arrived(); !in.empty()) {
      const core::Bytes bytes = core::to_bytes(in);
      stream.taken(bytes.size());
      give(at, bytes);
      moved = true;
    }
    MeetingEnd& end = ends[at];
    if (!end.gone()) {
      const core::ByteView out = end.talker->pending();
      if (const std::size_t n = std::min(out.size(), stream.room()); n > 0) {
        stream.write(core::to_bytes(out.first(n)));
        end.talker->sent(n, mono(at));
        owner_.changed(*this, at);
        moved = true;
      }
    }
    if (!streams_[at]) return true;  // the program went away over it
    while (auto datagram = stream.next_datagram(mono_us(at))) {
      if (datagram->to == here(1 - at)) put(at, std::move(datagram->bytes));
      moved = true;
    }
    if (!ends[at].gone() && (stream.peer_finished() || stream.stage() == DatagramStream::Stage::broken)) {
      auto why = ends[at].talker->ended();
      if (!why && stream.failure()) why = stream.failure();
      stream.finish();
      drop(at, why);
      return true;
    }
    const bool done = stream.stage() == DatagramStream::Stage::broken || stream.stage() == DatagramStream::Stage::over;
    if (ends[at].gone() && done) streams_[at].reset();
    return moved;
  }

  protocol::ConnectionId id_;
  protocol::Gate gate_;
  std::array<LineShape, 2> shapes_;
  std::array<Line, 2> ways_;
  std::uint16_t port_ = 40'000;
  NetworkPlace caller_place_;
  NetworkPlace answerer_place_;
  std::array<std::optional<DatagramStream>, 2> streams_;
  std::array<bool, 2> answers_gone_{};
};

}  // namespace

std::unique_ptr<Meeting> datagram_meeting(MeetingOwner& owner, const EventQueue& events, LineState& line, SeededRng& rng,
                                          std::array<MeetingEnd, 2> ends) {
  return std::make_unique<DatagramMeeting>(owner, events, line, rng, std::move(ends));
}

}  // namespace satchel::tests
