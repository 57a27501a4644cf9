// By which carrier a place is called, and when the way is changed: the decision alone, in virtual time.
#include "node/dialling.h"

#include <catch2/catch.hpp>
#include <vector>

namespace satchel::node {
namespace {

using core::MonoMs;
using Step = Dialling::Step;
using Order = Dialling::Order;

constexpr Order kCall{Step::call, Carrier::datagrams};
constexpr Order kDial{Step::dial, Carrier::tcp};
constexpr Order kLink{Step::link, Carrier::tcp};
constexpr Order kDropCall{Step::drop, Carrier::datagrams};
constexpr Order kDropTcp{Step::drop, Carrier::tcp};

std::vector<Order> all(Dialling& dialling, std::int64_t now) {
  std::vector<Order> out;
  while (const auto order = dialling.next({now})) {
    out.push_back(*order);
    REQUIRE(out.size() < 10);
    if (order->step == Step::give_up) break;
  }
  return out;
}

bool gives_up(Dialling& dialling, std::int64_t now) {
  const auto orders = all(dialling, now);
  return !orders.empty() && orders.back().step == Step::give_up;
}

Dialling::Known by(Carrier worked, std::uint8_t tcp_meetings = 0, std::int64_t round_trip_us = 0) {
  return {worked, tcp_meetings, round_trip_us};
}

/// TCP stands, datagrams were silent.
Dialling standing_by_tcp() {
  Dialling dialling{CarrierChoice::automatic, by(Carrier::tcp), {0}};
  CHECK(all(dialling, 0) == std::vector{kDial});
  dialling.answered(Carrier::tcp, {100});
  CHECK(all(dialling, 100) == std::vector{kLink});
  dialling.proven(Carrier::tcp);
  CHECK(all(dialling, 200).empty());
  return dialling;
}

}  // namespace

TEST_CASE("datagrams come first at a place that nobody knows, and TCP beside them after three seconds of nothing") {
  Dialling dialling{CarrierChoice::automatic, {}, {1000}};
  CHECK(all(dialling, 1000) == std::vector{kCall});
  CHECK(dialling.deadline() == MonoMs{4000});
  CHECK(all(dialling, 3999).empty());
  CHECK(all(dialling, 4000) == std::vector{kDial});
}

TEST_CASE("the patience is that of the line: two seconds at least, six at most") {
  for (const auto& [round_trip_us, patience_ms] :
       std::vector<std::pair<std::int64_t, std::int64_t>>{{5'000, 2'000}, {800'000, 4'800}, {5'000'000, 6'000}}) {
    Dialling dialling{CarrierChoice::automatic, by(Carrier::datagrams, 0, round_trip_us), {0}};
    CHECK(all(dialling, 0) == std::vector{kCall});
    CHECK(all(dialling, patience_ms - 1).empty());
    CHECK(all(dialling, patience_ms) == std::vector{kDial});
  }
}

TEST_CASE("where datagrams are answered, TCP is left alone, and only a greeting without an end brings it in") {
  Dialling dialling{CarrierChoice::automatic, {}, {0}};
  all(dialling, 0);
  dialling.answered(Carrier::datagrams, {700});
  CHECK(all(dialling, 15'000).empty());
  CHECK(all(dialling, 15'700) == std::vector{kDial});
}

TEST_CASE("a refused call brings TCP in at once") {
  Dialling dialling{CarrierChoice::automatic, {}, {0}};
  all(dialling, 0);
  dialling.failed(Carrier::datagrams, {40});
  CHECK(all(dialling, 40) == std::vector{kDial});
  dialling.answered(Carrier::tcp, {80});
  CHECK(all(dialling, 80) == std::vector{kLink});
}

TEST_CASE("the first that proves who it is wins, and the other is dropped") {
  Dialling dialling{CarrierChoice::automatic, {}, {0}};
  all(dialling, 0);
  all(dialling, 3'000);
  dialling.answered(Carrier::tcp, {3'100});
  CHECK(all(dialling, 3'100) == std::vector{kLink});
  SECTION("TCP") {
    dialling.proven(Carrier::tcp);
    CHECK(all(dialling, 3'200) == std::vector{kDropCall});
    CHECK(dialling.standing() == Carrier::tcp);
  }
  SECTION("datagrams") {
    dialling.answered(Carrier::datagrams, {3'150});
    dialling.proven(Carrier::datagrams);
    CHECK(all(dialling, 3'200) == std::vector{kDropTcp});
    CHECK(dialling.standing() == Carrier::datagrams);
  }
}

TEST_CASE("a connection waits for a greeting that is under way by datagrams, but not for ever") {
  Dialling dialling{CarrierChoice::automatic, {}, {0}};
  all(dialling, 0);
  all(dialling, 3'000);
  dialling.answered(Carrier::datagrams, {3'050});
  dialling.answered(Carrier::tcp, {3'100});
  CHECK(all(dialling, 3'100).empty());
  CHECK(all(dialling, 18'050) == std::vector{kLink});
}

TEST_CASE("where TCP alone worked it comes first, and datagrams have another try at every eighth meeting") {
  Dialling dialling{CarrierChoice::automatic, by(Carrier::tcp, 7), {0}};
  CHECK(all(dialling, 0) == std::vector{kDial});
  CHECK(all(dialling, 3'000) == std::vector{kCall});
  Dialling eighth{CarrierChoice::automatic, by(Carrier::tcp, 8), {0}};
  CHECK(all(eighth, 0) == std::vector{kCall});
}

TEST_CASE("who was told which carrier to use uses no other") {
  Dialling tcp{CarrierChoice::tcp, by(Carrier::datagrams), {0}};
  CHECK(all(tcp, 0) == std::vector{kDial});
  CHECK(all(tcp, 14'999).empty());
  CHECK(gives_up(tcp, 15'000));
  Dialling udp{CarrierChoice::datagrams, by(Carrier::tcp), {0}};
  CHECK(all(udp, 0) == std::vector{kCall});
  CHECK(all(udp, 14'999).empty());
  CHECK(gives_up(udp, 15'000));
}

TEST_CASE("a place without any sign is given up after fifteen seconds of both, or five of one when the other is refused") {
  Dialling silent{CarrierChoice::automatic, {}, {0}};
  all(silent, 0);
  all(silent, 3'000);
  CHECK_FALSE(gives_up(silent, 17'999));
  CHECK(gives_up(silent, 18'000));
  Dialling refused{CarrierChoice::automatic, {}, {0}};
  all(refused, 0);
  all(refused, 3'000);
  refused.failed(Carrier::tcp, {3'010});
  CHECK_FALSE(gives_up(refused, 4'999));
  CHECK(gives_up(refused, 5'000));
  Dialling nobody{CarrierChoice::automatic, {}, {0}};
  all(nobody, 0);
  nobody.failed(Carrier::datagrams, {1});
  all(nobody, 1);
  nobody.failed(Carrier::tcp, {2});
  CHECK(gives_up(nobody, 2));
}

TEST_CASE("a greeting under way is never given up here: the session has limits of its own") {
  Dialling dialling{CarrierChoice::datagrams, {}, {0}};
  all(dialling, 0);
  dialling.answered(Carrier::datagrams, {600});
  CHECK_FALSE(gives_up(dialling, 200'000));
}

TEST_CASE("TCP that sleeps is challenged by both carriers, and what answers first while it sleeps takes its place") {
  Dialling dialling = standing_by_tcp();
  dialling.standing_still(2'999);
  CHECK(all(dialling, 10'000).empty());
  dialling.standing_still(3'000);
  CHECK(all(dialling, 10'000) == std::vector{kCall, kDial});
  CHECK(dialling.dial_ms() < 5'000);
  SECTION("a fresh connection") {
    dialling.answered(Carrier::tcp, {30'000});
    CHECK(all(dialling, 30'000) == std::vector{kLink});
    dialling.proven(Carrier::tcp);
    CHECK(all(dialling, 30'300) == std::vector{kDropCall});
  }
  SECTION("datagrams") {
    dialling.answered(Carrier::datagrams, {30'000});
    dialling.proven(Carrier::datagrams);
    CHECK(all(dialling, 30'300) == std::vector{kDropTcp});
  }
  SECTION("it wakes by itself") {
    dialling.answered(Carrier::tcp, {30'000});
    dialling.standing_still(0);
    CHECK(all(dialling, 30'000) == std::vector{kDropCall, kDropTcp});
  }
}

TEST_CASE("a connection that only tests whether the line is back is begun again and again, at an even pace") {
  Dialling dialling = standing_by_tcp();
  dialling.standing_still(60'000);
  CHECK(all(dialling, 60'000) == std::vector{kCall, kDial});
  for (std::int64_t at = 61'000; at < 90'000; at += 4'000) {
    dialling.failed(Carrier::tcp, {at});
    CHECK(all(dialling, at + 499).empty());
    CHECK(all(dialling, at + 500) == std::vector{kDial});
  }
}

TEST_CASE("datagrams that stand are left alone in an outage, until it is likely that they do not pass here any more") {
  Dialling dialling{CarrierChoice::automatic, {}, {0}};
  all(dialling, 0);
  dialling.answered(Carrier::datagrams, {300});
  dialling.proven(Carrier::datagrams);
  dialling.standing_still(19'000);
  CHECK(all(dialling, 30'000).empty());
  dialling.standing_still(20'000);
  CHECK(all(dialling, 31'000) == std::vector{kDial});
  dialling.standing_still(0);
  CHECK(all(dialling, 32'000) == std::vector{kDropTcp});
}

TEST_CASE("a carrier that was ruled out challenges nobody") {
  Dialling dialling{CarrierChoice::tcp, {}, {0}};
  all(dialling, 0);
  dialling.answered(Carrier::tcp, {100});
  all(dialling, 100);
  dialling.proven(Carrier::tcp);
  dialling.standing_still(5'000);
  CHECK(all(dialling, 6'000) == std::vector{kDial});
}

}  // namespace satchel::node
