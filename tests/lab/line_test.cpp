#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "tests/lab/direction.h"

namespace satchel::lab {
namespace {

using namespace std::chrono_literals;

/// A packet of `size` bytes that carries a number, to tell it from others.
Packet numbered(std::size_t size, unsigned number) {
  Packet packet(size, 0);
  packet[0] = static_cast<std::uint8_t>(number);
  packet[1] = static_cast<std::uint8_t>(number >> 8);
  return packet;
}

unsigned number_of(const Packet& packet) { return packet[0] + 256U * packet[1]; }

DirectionShape plain(std::int64_t bits_per_s) {
  DirectionShape shape;
  shape.bits_per_s = bits_per_s;
  shape.queue_bytes = 1U << 30;
  return shape;
}

struct Fixture {
  explicit Fixture(const DirectionShape& shape, const Outages& outages = {}, std::uint64_t seed = 1)
      : weather(outages, seed), direction(shape, weather, seed) {}
  Weather weather;
  Direction direction;

  std::vector<std::pair<Time, unsigned>> all() {
    std::vector<std::pair<Time, unsigned>> out;
    while (auto arrived = direction.take(Time::max())) out.emplace_back(arrived->first, number_of(arrived->second));
    return out;
  }
};

std::uint64_t dropped(const DirectionCounts& counts) {
  return counts.queue_full.packets + counts.lost.packets + counts.outage.packets;
}

}  // namespace

TEST_CASE("a line sends at its rate and not faster, however much is offered at once") {
  Fixture line{plain(20'000)};
  for (unsigned i = 0; i < 100; ++i) line.direction.offer(0s, numbered(1400, i));
  const auto arrived = line.all();
  REQUIRE(arrived.size() == 100);
  for (unsigned i = 0; i < 100; ++i) CHECK(arrived[i].first == (i + 1) * 560ms);  // 1400 × 8 / 20,000 s each
}

TEST_CASE("an idle line saves up nothing") {
  Fixture line{plain(8'000)};
  line.direction.offer(10s, numbered(1000, 0));
  line.direction.offer(10s, numbered(1000, 1));
  line.direction.offer(20s, numbered(1000, 2));
  const auto arrived = line.all();
  REQUIRE(arrived.size() == 3);
  CHECK(arrived[0].first == 11s);
  CHECK(arrived[1].first == 12s);
  CHECK(arrived[2].first == 21s);
}

TEST_CASE("a rate that does not divide a second costs less than a nanosecond a packet") {
  Fixture line{plain(7)};
  for (unsigned i = 0; i < 50; ++i) line.direction.offer(0s, numbered(2, i));
  const double exact = 50.0 * 16 / 7 * 1e9;
  const auto arrived = line.all();
  REQUIRE(arrived.size() == 50);
  CHECK(std::abs(static_cast<double>(arrived.back().first.count()) - exact) <= 50);
}

TEST_CASE("delay is added after the last bit and takes up no line time") {
  DirectionShape shape = plain(8'000);
  shape.delay = 300ms;
  Fixture line{shape};
  line.direction.offer(0s, numbered(1000, 0));
  line.direction.offer(0s, numbered(1000, 1));
  CHECK(line.direction.next_arrival() == Time{1300ms});
  CHECK_FALSE(line.direction.take(1299ms));
  const auto arrived = line.all();
  REQUIRE(arrived.size() == 2);
  CHECK(arrived[1].first == 2300ms);
}

TEST_CASE("a full queue drops what comes last, and an idle line takes any packet") {
  DirectionShape shape = plain(8'000);
  shape.queue_bytes = 3000;
  Fixture line{shape};
  for (unsigned i = 0; i < 5; ++i) line.direction.offer(0s, numbered(1000, i));
  line.direction.offer(1s, numbered(1000, 5));  // the first has left: there is room again
  line.direction.offer(60s, numbered(4000, 6));
  const auto arrived = line.all();
  REQUIRE(arrived.size() == 5);
  CHECK(arrived[2].second == 2);
  CHECK(arrived[3].second == 5);
  CHECK(arrived[4].second == 6);
  CHECK(line.direction.counts().queue_full.packets == 2);
  CHECK(line.direction.counts().queue_most == 4000);
  CHECK(line.direction.counts().wire.bytes == 8000);
}

TEST_CASE("jitter keeps the order unless reordering is asked for") {
  DirectionShape shape = plain(8'000'000);
  shape.jitter = 100ms;
  for (const bool reorder : {false, true}) {
    shape.reorder = reorder;
    Fixture line{shape};
    for (unsigned i = 0; i < 200; ++i) line.direction.offer(0s, numbered(1000, i));
    const auto arrived = line.all();
    REQUIRE(arrived.size() == 200);
    const bool in_order =
        std::is_sorted(arrived.begin(), arrived.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    CHECK(in_order == !reorder);
    for (const auto& [at, number] : arrived) {
      CHECK(at >= (number + 1) * 1ms);
      CHECK(at <= 200ms + 100ms);
    }
  }
}

TEST_CASE("loss has the share that was asked for, packet by packet and in bursts, and takes up line time") {
  const double mean = GENERATE(0.001, 0.02, 0.08);
  const double run = GENERATE(0.0, 4.0);
  DirectionShape shape = plain(8'000'000);
  shape.loss = run > 0 ? Loss::bursts(mean, run) : Loss::independent(mean);
  Fixture line{shape};
  constexpr unsigned kPackets = 400'000;
  for (unsigned i = 0; i < kPackets; ++i) line.direction.offer(0s, Packet(2, 0));
  const DirectionCounts& counts = line.direction.counts();
  const double share = static_cast<double>(counts.lost.packets) / kPackets;
  // Five standard deviations; a burst counts as one draw.
  const double deviation = std::sqrt(mean * 2 * std::max(run, 1.0) / kPackets);
  CHECK(std::abs(share - mean) < 5 * deviation);
  CHECK(counts.wire.packets == kPackets);
}

TEST_CASE("bursts have the length that was asked for") {
  LossProcess process{Loss::bursts(0.05, 6), 3};
  unsigned runs = 0;
  unsigned lost = 0;
  bool before = false;
  for (int i = 0; i < 500'000; ++i) {
    const bool now = process.next();
    lost += now;
    runs += now && !before;
    before = now;
  }
  CHECK(static_cast<double>(lost) / runs == Approx(6).epsilon(0.05));
}

TEST_CASE("what is offered, queued or being sent when the line goes down is lost, and what has left arrives") {
  DirectionShape shape = plain(8'000);
  shape.delay = 5s;
  Fixture line{shape, Outages{3s, 2s, false}};
  for (unsigned i = 0; i < 5; ++i) line.direction.offer(500ms, numbered(1000, i));  // sent by 1.5, 2.5 | 3.5 …
  line.direction.offer(4s, numbered(1000, 5));                                      // down
  line.direction.offer(5s, numbered(1000, 6));  // up again: nothing of the old queue is in its way
  const auto arrived = line.all();
  REQUIRE(arrived.size() == 3);
  CHECK(arrived[0].second == 0);
  CHECK(arrived[1].second == 1);
  CHECK(arrived[1].first == 7500ms);
  CHECK(arrived[2].second == 6);
  CHECK(arrived[2].first == 11s);
  CHECK(line.direction.counts().outage.packets == 4);
  CHECK(line.direction.counts().wire.packets == 4);  // the one that was being sent took up line time
}

TEST_CASE("fixed outages come when they were announced") {
  Weather weather{Outages{20s, 10s, false}, 1};
  CHECK(weather.up(0s));
  CHECK(weather.up(19'999ms));
  CHECK_FALSE(weather.up(20s));
  CHECK_FALSE(weather.up(29'999ms));
  CHECK(weather.up(30s));
  CHECK(weather.next_down(5s) == Time{20s});
  CHECK(weather.next_down(25s) == Time{25s});
  CHECK(weather.next_down(30s) == Time{50s});
  CHECK(weather.up_time(25s) == Time{20s});
  CHECK(weather.up_time(31s) == Time{21s});
  CHECK(weather.up_time(300s) == Time{200s});
}

TEST_CASE("random outages have the means that were asked for and repeat from their seed") {
  Weather one{Outages{20s, 10s, true}, 5};
  Weather same{Outages{20s, 10s, true}, 5};
  Weather other{Outages{20s, 10s, true}, 6};
  const Time long_time = 3'000'000s;
  const double share = static_cast<double>(one.up_time(long_time).count()) / static_cast<double>(long_time.count());
  CHECK(share == Approx(2.0 / 3).epsilon(0.02));
  CHECK(static_cast<double>(one.stretch(long_time)) == Approx(200'000).epsilon(0.02));
  CHECK(same.up_time(long_time) == one.up_time(long_time));
  CHECK(other.up_time(long_time) != one.up_time(long_time));
}

TEST_CASE("a line without outages is always up") {
  Weather weather{Outages{}, 1};
  CHECK(weather.up(1'000'000s));
  CHECK(weather.next_down(0s) == Time::max());
  CHECK(weather.up_time(7s) == Time{7s});
}

TEST_CASE("every packet is counted once, and the same seed does the same again") {
  DirectionShape shape = plain(64'000);
  shape.queue_bytes = 20'000;
  shape.delay = 300ms;
  shape.jitter = 20ms;
  shape.loss = Loss::bursts(0.05, 3);
  const std::uint64_t seed = GENERATE(1U, 2U, 3U);
  std::vector<std::pair<Time, unsigned>> before;
  for (int again = 0; again < 2; ++again) {
    Fixture line{shape, Outages{4s, 2s, true}, seed};
    tests::SeededRng rng{seed};
    Time now{0};
    for (unsigned i = 0; i < 3000; ++i) {
      now += std::chrono::milliseconds(rng.below(120));
      line.direction.offer(now, numbered(40 + rng.below(1360), i));
    }
    const auto arrived = line.all();
    const DirectionCounts& counts = line.direction.counts();
    CHECK(counts.delivered.packets == arrived.size());
    CHECK(counts.offered.packets == counts.delivered.packets + dropped(counts));
    CHECK(counts.wire.bytes <= counts.offered.bytes);
    CHECK(counts.delivered.packets > 500);
    CHECK(counts.queue_full.packets * counts.lost.packets * counts.outage.packets > 0);
    CHECK((again == 0 || arrived == before));
    before = arrived;
  }
}

TEST_CASE("payload that never got onto the wire is not counted as sent") {
  DirectionShape shape = plain(8'000);
  shape.queue_bytes = 1000;
  Fixture line{shape, Outages{10s, 10s, false}};
  Packet packet(1000, 0);
  packet[0] = 0x45;
  packet[2] = 1000 >> 8;
  packet[3] = 1000 & 0xFF;
  packet[9] = 17;
  line.direction.offer(0s, packet);
  line.direction.offer(0s, packet);   // no room
  line.direction.offer(15s, packet);  // no line
  CHECK(line.direction.counts().payload == 1000 - 28);
}

TEST_CASE("only what TCP and UDP carry counts as payload") {
  Packet tcp(20 + 32 + 100, 0);
  tcp[0] = 0x45;
  tcp[3] = 152;
  tcp[9] = 6;
  tcp[20 + 12] = 0x80;
  CHECK(transport_payload(tcp) == 100);
  Packet udp(20 + 8 + 30, 0);
  udp[0] = 0x45;
  udp[3] = 58;
  udp[9] = 17;
  CHECK(transport_payload(udp) == 30);
  udp[9] = 1;  // ICMP
  CHECK(transport_payload(udp) == 0);
  CHECK(transport_payload(Packet(5, 0x45)) == 0);
  Packet cut(25, 0);
  cut[0] = 0x4F;  // headers longer than the packet
  cut[9] = 6;
  CHECK(transport_payload(cut) == 0);
}

}  // namespace satchel::lab
