#include "node/datagram_socket.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "node/awaiting.h"

namespace satchel::node {

namespace asio = boost::asio;
using core::MonoUs;
using core::Result;
using protocol::ConnectionId;
using protocol::DatagramStream;
using protocol::NetworkPlace;
using protocol::Packet;

namespace {

/// Batches that are taken in before others get their turn; of a flood the rest is the system's to drop.
constexpr int kBatchesAtOnce = 8;
/// How long a stream that both sides have ended still answers what was lost of the end.
constexpr std::int64_t kLingerUs = 10'000'000;
/// Streams that one network address may keep without having said who it is: a school behind one router has a few at a time.
constexpr std::size_t kOfOneAddress = 16;
constexpr std::size_t kAddressSize = 16;

bool same_address(const NetworkPlace& a, const NetworkPlace& b) {
  return std::ranges::equal(a.view().first(kAddressSize), b.view().first(kAddressSize));
}

}  // namespace

DatagramSocket::DatagramSocket(asio::io_context& io, const core::Clock& clock, core::Rng& rng)
    : io_(io), clock_(clock), rng_(rng), port_(io), due_(io) {}

DatagramSocket::~DatagramSocket() {
  for (const auto& [id, line] : lines_) line->socket_ = nullptr;
}

Result<void> DatagramSocket::open(const asio::ip::udp::endpoint& here) {
  SATCHEL_TRY(port_.open(here));
  asio::co_spawn(io_, hear(), no_exception);
  return {};
}

void DatagramSocket::answer(protocol::Gate gate, std::size_t streams_most, Called called) {
  gate_.emplace(std::move(gate));
  streams_most_ = streams_most;
  called_ = std::move(called);
}

std::shared_ptr<DatagramLine> DatagramSocket::call(const asio::ip::udp::endpoint& to, std::optional<protocol::Pass> pass,
                                                   std::optional<protocol::LineModel::Memory> memory) {
  const ConnectionId id{rng_.u64()};
  Route route;
  if (to.address().is_v6()) route.interface = static_cast<unsigned>(to.address().to_v6().scope_id());
  auto line = std::make_shared<DatagramLine>(io_, *this, DatagramStream::caller(id, place_of(to), pass, memory, clock_.mono_us()),
                                             clock_, route);
  lines_.insert_or_assign(id, line);
  drive(*line);
  return line;
}

void DatagramSocket::close() {
  if (std::exchange(closed_, true)) return;
  for (const auto& [id, line] : lines_) line->close();
  port_.close();
  due_.cancel();
}

// --- what comes

asio::awaitable<void> DatagramSocket::hear() {
  const UdpPort::Arrived arrived = [this](core::ByteView bytes, const NetworkPlace& from, const Route& by) {
    on_datagram(bytes, from, by);
  };
  const UdpPort::Refused refused = [this](const NetworkPlace& to) { on_refused(to); };
  while (!closed_) {
    const bool open = co_await port_.readable();
    if (!open || closed_) break;
    for (int batches = 0; batches < kBatchesAtOnce && port_.receive(arrived, refused); ++batches) {
      if (closed_) co_return;
    }
    on_time();
    co_await asio::post(io_, asio::use_awaitable);  // others have their turn
  }
}

void DatagramSocket::on_datagram(core::ByteView bytes, const NetworkPlace& from, const Route& by) {
  const auto packet = protocol::decode_packet(bytes);
  if (!packet || closed_) return;
  const auto found = lines_.find(packet->id);
  if (found == lines_.end()) return on_stranger(*packet, from, by);
  const Line line = found->second;
  line->stream_.receive(*packet, from, clock_.mono_us());
  if (!packet->by_answerer) line->route_ = by;
}

void DatagramSocket::on_stranger(const Packet& packet, const NetworkPlace& from, const Route& by) {
  if (!gate_) return;
  let_go();
  const auto verdict = gate_->judge(packet, from, has_room(from));
  if (verdict.answer) static_cast<void>(port_.send(*verdict.answer, from, by));
  if (!verdict.admit) return;
  const MonoUs now = clock_.mono_us();
  auto line = std::make_shared<DatagramLine>(io_, *this, DatagramStream::answerer(packet.id, from, rng_, now), clock_, by);
  line->stream_.receive(packet, from, now);
  lines_.insert_or_assign(packet.id, line);
  callers_.insert_or_assign(packet.id, from);
  called_(line);
}

bool DatagramSocket::has_room(const NetworkPlace& from) const {
  if (callers_.size() >= streams_most_) return false;
  const auto same = std::ranges::count_if(callers_, [&](const auto& caller) { return same_address(caller.second, from); });
  return static_cast<std::size_t>(same) < kOfOneAddress;
}

/// Only a call that nobody has answered believes it: whoever does not stand on the way can write such a word as well.
void DatagramSocket::on_refused(const NetworkPlace& to) {
  for (const auto& [id, line] : lines_) {
    if (line->answered() || line->stream_.peer() != to) continue;
    line->refused_ = true;
  }
}

// --- what goes

void DatagramSocket::drive(DatagramLine& line) {
  send_due(line);
  arm();
}

void DatagramSocket::send_due(DatagramLine& line) {
  const MonoUs now = clock_.mono_us();
  while (!stuck_ && port_.is_open()) {
    auto next = line.stream_.next_datagram(now);
    if (!next) break;
    if (!port_.send(next->bytes, next->to, line.route_)) {
      stuck_ = Stuck{*std::move(next), line.route_};
      asio::co_spawn(io_, wait_for_room(), no_exception);
    }
  }
  line.stir();
}

asio::awaitable<void> DatagramSocket::wait_for_room() {
  while (stuck_) {
    const bool open = co_await port_.writable();
    if (!open || closed_) co_return;
    if (port_.send(stuck_->datagram.bytes, stuck_->datagram.to, stuck_->by)) stuck_.reset();
  }
  on_time();
}

void DatagramSocket::on_time() {
  if (closed_) return;
  for (const auto& [id, line] : lines_) send_due(*line);
  let_go();
  arm();
}

void DatagramSocket::arm() {
  if (closed_) return;
  std::optional<MonoUs> next;
  for (const auto& [id, line] : lines_) {
    auto due = line->stream_.deadline();
    if (line->closed_ && (!due || *due > line->closed_at_ + kLingerUs)) due = line->closed_at_ + kLingerUs;
    if (due && (!next || *due < *next)) next = due;
  }
  if (!next || stuck_) return;
  const std::int64_t wait_us = std::max<std::int64_t>(0, *next - clock_.mono_us());
  due_.expires_after(std::chrono::microseconds(wait_us));
  due_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled) on_time();
  });
}

/// A stream goes when its owner has closed it and nothing of its end is owed any more.
void DatagramSocket::let_go() {
  const MonoUs now = clock_.mono_us();
  for (auto at = lines_.begin(); at != lines_.end();) {
    const DatagramLine& line = *at->second;
    const bool goes = line.closed_ && (line.over() || now - line.closed_at_ >= kLingerUs);
    if (goes) callers_.erase(at->first);
    at = goes ? lines_.erase(at) : std::next(at);
  }
}

}  // namespace satchel::node
