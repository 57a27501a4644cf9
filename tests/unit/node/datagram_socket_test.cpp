// Streams of datagrams over real sockets of this machine.
#include "node/datagram_socket.h"

#include <boost/asio/co_spawn.hpp>
#include <catch2/catch.hpp>

#include "node/awaiting.h"
#include "node/system_clock.h"
#include "tests/support/seeded_rng.h"

namespace satchel::node {
namespace {

namespace asio = boost::asio;
using core::Bytes;
using core::ByteView;
using udp = asio::ip::udp;

constexpr std::size_t kLoad = 300'000;
/// Ends a test that hangs; nothing is asserted about time.
constexpr auto kLongest = std::chrono::seconds(60);

core::SecretBytes gate_key() { return core::SecretBytes{ByteView{Bytes(32, 7)}}; }

asio::awaitable<void> write_all(std::shared_ptr<DatagramLine> line, ByteView bytes) {
  while (!bytes.empty()) {
    const auto n = co_await line->write(bytes);
    if (!n) break;
    bytes = bytes.subspan(*n);
  }
}

asio::awaitable<void> send_back(std::shared_ptr<DatagramLine> line) {
  Bytes chunk(4096);
  while (true) {
    const auto n = co_await line->read(chunk);
    if (!n || *n == 0) break;
    const ByteView heard = ByteView{chunk}.first(*n);
    co_await write_all(line, heard);
  }
  line->close();
}

asio::awaitable<void> say(std::shared_ptr<DatagramLine> line, const Bytes* load) {
  co_await write_all(line, *load);
  line->finish();
}

asio::awaitable<void> hear(std::shared_ptr<DatagramLine> line, Bytes* heard, std::optional<core::Error>* error) {
  Bytes chunk(4096);
  while (true) {
    const auto n = co_await line->read(chunk);
    if (!n) error->emplace(n.error());
    if (!n || *n == 0) break;
    core::append(*heard, ByteView{chunk}.first(*n));
  }
  line->close();
}

/// An answerer that sends back what it reads, and a caller, on one machine.
struct Two {
  asio::io_context io;
  SystemClock clock;
  tests::SeededRng rng{11};
  DatagramSocket answers{io, clock, rng};
  DatagramSocket calls{io, clock, rng};
  udp::endpoint place;
  std::vector<std::shared_ptr<DatagramLine>> called;

  explicit Two(const char* host = "127.0.0.1", std::size_t streams_most = 4) {
    udp::socket any{io, udp::endpoint{asio::ip::make_address(host), 0}};
    place = any.local_endpoint();
    any.close();
    REQUIRE(answers.open(place));
    answers.answer(protocol::Gate{gate_key()}, streams_most, [this](std::shared_ptr<DatagramLine> line) {
      called.push_back(line);
      asio::co_spawn(io, send_back(line), no_exception);
    });
    REQUIRE(calls.open({udp::v6(), 0}));
  }

  template <class Done>
  void run_until(Done done) {
    const auto end = std::chrono::steady_clock::now() + kLongest;
    while (!done()) {
      REQUIRE(std::chrono::steady_clock::now() < end);
      io.run_for(std::chrono::milliseconds(5));
      io.restart();
    }
  }
};

/// A stranger's socket without any machine behind it.
struct Stranger {
  udp::socket socket;
  explicit Stranger(Two& two) : socket(two.io, udp::endpoint{asio::ip::make_address("127.0.0.1"), 0}) {
    socket.non_blocking(true);
  }
  void say(Two& two, ByteView bytes) { socket.send_to(asio::buffer(bytes.data(), bytes.size()), two.place); }
  std::optional<Bytes> hear() {
    Bytes out(2000);
    boost::system::error_code failed;
    udp::endpoint from;
    const std::size_t n = socket.receive_from(asio::buffer(out), from, 0, failed);
    if (failed) return std::nullopt;
    out.resize(n);
    return out;
  }
};

protocol::Packet opening(std::uint64_t id, const protocol::Pass& pass) {
  protocol::Packet packet;
  packet.kind = protocol::PacketKind::open;
  packet.id = protocol::ConnectionId{id};
  packet.pass = pass;
  packet.asks = true;
  return packet;
}

}  // namespace

TEST_CASE("a stream over real datagrams carries bytes there and back, and ends at both sides") {
  for (const char* host : {"127.0.0.1", "::1"}) {
    Two two{host};
    tests::SeededRng rng{5};
    Bytes load(kLoad);
    rng.fill(load);
    Bytes heard;
    std::optional<core::Error> error;
    const auto line = two.calls.call(two.place, std::nullopt, std::nullopt);
    asio::co_spawn(two.io, say(line, &load), no_exception);
    bool ended = false;
    asio::co_spawn(two.io, hear(line, &heard, &error), [&](const std::exception_ptr&) { ended = true; });
    two.run_until([&] { return ended; });
    CHECK_FALSE(error);
    CHECK((heard == load));
    CHECK(line->answered());
    CHECK(line->stream().pass().has_value());
    REQUIRE(two.called.size() == 1);
    two.run_until([&] { return two.called.front()->stream().stage() == protocol::DatagramStream::Stage::over; });
  }
}

TEST_CASE("a call to a port that nobody holds is known to be refused") {
  Two two;
  two.answers.close();
  const auto line = two.calls.call(two.place, std::nullopt, std::nullopt);
  two.run_until([&] { return line->refused(); });
  CHECK_FALSE(line->answered());
}

TEST_CASE("strangers get no stream and never more bytes than they spent, whatever they send") {
  Two two;
  Stranger stranger{two};
  tests::SeededRng rng{23};
  INFO("seed " << rng.seed());
  std::size_t spent = 0;
  std::size_t got = 0;
  const auto take = [&] {
    two.io.run_for(std::chrono::milliseconds(2));
    two.io.restart();
    while (const auto answer = stranger.hear()) got += answer->size();
  };
  for (int round = 0; round < 300; ++round) {
    Bytes bytes(rng.below(1400) + 1);
    rng.fill(bytes);
    if (rng.below(3) == 0) bytes = protocol::encode(opening(rng.u64(), protocol::Pass{}));
    if (rng.below(4) == 0 && bytes.size() > 30) bytes.resize(rng.below(bytes.size()) + 1);
    stranger.say(two, bytes);
    spent += bytes.size();
    if (round % 16 == 0) take();
  }
  for (int i = 0; i < 20; ++i) take();
  CHECK(two.called.empty());
  CHECK(got <= spent);
}

TEST_CASE("a pass opens a stream for its address, until there is no more room, and then the caller is told") {
  Two two{"127.0.0.1", 3};
  Stranger stranger{two};
  std::optional<protocol::Pass> pass;
  stranger.say(two, protocol::encode(opening(1, protocol::Pass{})));
  two.run_until([&] {
    const auto answer = stranger.hear();
    if (!answer) return false;
    const auto packet = protocol::decode_packet(*answer);
    REQUIRE(packet);
    REQUIRE(packet->kind == protocol::PacketKind::pass);
    pass = packet->pass;
    return true;
  });
  CHECK(two.called.empty());
  for (std::uint64_t id = 10; id < 15; ++id) stranger.say(two, protocol::encode(opening(id, *pass)));
  int gone = 0;
  two.run_until([&] {
    while (const auto answer = stranger.hear()) {
      const auto packet = protocol::decode_packet(*answer);
      REQUIRE(packet);
      if (packet->kind == protocol::PacketKind::gone) ++gone;
    }
    return gone == 2;
  });
  CHECK(two.called.size() == 3);
}

TEST_CASE("a socket that is closed tells the other side, and what waits on a stream ends") {
  Two two;
  Bytes heard;
  std::optional<core::Error> error;
  const auto line = two.calls.call(two.place, std::nullopt, std::nullopt);
  const Bytes load(1000, 3);
  bool ended = false;
  asio::co_spawn(two.io, write_all(line, load), no_exception);
  asio::co_spawn(two.io, hear(line, &heard, &error), [&](const std::exception_ptr&) { ended = true; });
  two.run_until([&] { return heard.size() == load.size(); });
  two.answers.close();
  two.run_until([&] { return ended; });
  CHECK(error.has_value());
}

}  // namespace satchel::node
