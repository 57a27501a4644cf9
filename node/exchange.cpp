#include "node/exchange.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <numeric>

#include "core/crypto/hash.h"
#include "core/store/keys.h"
#include "node/awaiting.h"

namespace satchel::node {

namespace asio = boost::asio;
using core::Code;
using core::Error;
using core::Result;
using tcp = asio::ip::tcp;

namespace {

/// Longest wait for one address to answer: a satellite line needs under 2 s, three lost SYNs cost 7 s.
constexpr std::int64_t kConnectMs = 15'000;
/// What arrives within this time becomes durable, is opened and receipted in one step: a sync of the disk costs about as much.
constexpr std::int64_t kDigestMs = 10;
/// Links that a node keeps at a time: beyond it callers are turned away, so that no stranger can use up memory.
constexpr std::size_t kLinksMost = 64;

core::Bytes peer_key(const Address& address) {
  const core::Hash hash = core::hash("satchel peer address", core::as_bytes(address.text()));
  return core::keys::named(core::keys::kMeta, "peer/" + hash.hex().substr(0, 32));
}

/// Ends of a link with somebody who is not what he was taken for: no meeting, whatever he said.
bool strangers(Code code) {
  switch (code) {
    case Code::kHandshake:
    case Code::kPeerNotEnrolled:
    case Code::kRefusedByPeer:
    case Code::kRevoked:
    case Code::kOtherCampaign:
    case Code::kVersionUnknown: return true;
    default: return false;
  }
}

}  // namespace

Result<void> Exchange::learn(const core::Member& member) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node_.enrolled());
  SATCHEL_TRY(all->membership->add(member));
  core::WriteBatch batch;
  Meta::put_member(batch, member);
  return node_.store().commit(batch, core::Durability::later);
}

Result<protocol::SessionSetup> Exchange::session_setup() {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node_.enrolled());
  SATCHEL_TRY(all->ledger->release());
  protocol::SessionSetup setup;
  setup.shelf = all->shelf.get();
  setup.link.membership = all->membership.get();
  setup.link.keys = &node_.identity().box;
  setup.link.self = &all->certificate;
  setup.link.group = &all->campaign.secrets.group_key;
  setup.link.rng = &node_.surroundings().rng;
  setup.learn = [this](const core::Member& member) { return learn(member); };
  return setup;
}

Result<Exchange::Live> Exchange::open(tcp::socket socket, bool calling, std::optional<core::Member> peer) {
  node_.look_at_disk();
  SATCHEL_TRY_ASSIGN(protocol::SessionSetup setup, session_setup());
  const core::Clock& clock = node_.surroundings().clock;
  protocol::Session session = calling ? protocol::Session::caller(std::move(setup), std::move(peer), clock.mono())
                                      : protocol::Session::answerer(std::move(setup), clock.mono());
  auto connection =
      std::make_shared<Connection>(std::move(socket), std::move(session), clock, [this](Connection& one) { on_changed(one); });
  live_.insert(connection);
  if (calling) called_.insert(connection.get());
  return connection;
}

asio::awaitable<void> Exchange::serve(Live connection) {
  const auto result = co_await connection->run();
  if (!result) node_.log().trouble("a link ended", result.error());
  changed();  // what came with the last bytes
  seen_.erase(connection.get());
  called_.erase(connection.get());
  live_.erase(connection);
  stirred_.cancel();
}

void Exchange::on_changed(Connection& connection) {
  const protocol::SessionStats stats = connection.session().stats();
  const std::uint64_t bundles = std::accumulate(stats.bundles_received.begin(), stats.bundles_received.end(), std::uint64_t{0});
  Seen& seen = seen_[&connection];
  const Seen now{bundles, stats.receipts_received};
  if (now != seen) {
    if (now.receipts != seen.receipts) {
      if (const auto noted = node_.note_receipt(); !noted) node_.log().trouble("receipt time", noted.error());
    }
    seen = now;
    digest_soon();
  }
  stirred_.cancel();
}

void Exchange::digest_soon() {
  if (digest_is_due_) return;
  digest_is_due_ = true;
  digest_due_.expires_after(std::chrono::milliseconds(kDigestMs));
  digest_due_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled) changed();
  });
}

void Exchange::changed() {
  digest_is_due_ = false;
  if (const auto digested = node_.digest_arrivals(); !digested) node_.log().trouble("opening what arrived", digested.error());
  const auto all = node_.enrolled();
  if (!all) return;
  if (const auto released = (*all)->ledger->release(); !released) {
    node_.log().trouble("high water", released.error());
    return;  // nothing new may be offered before it is written
  }
  for (const Live& connection : live_) connection->shelf_changed();
}

asio::awaitable<Result<tcp::socket>> Exchange::dial(Address address) {
  tcp::resolver resolver{io_};
  const auto [unresolved, endpoints] = co_await resolver.async_resolve(address.host, address.port, kAwaitTuple);
  if (unresolved) co_return Error{Code::kPeerUnreachable, unresolved.message()};
  Error last{Code::kPeerUnreachable, {}};
  for (const auto& entry : endpoints) {
    tcp::socket socket{io_};
    asio::steady_timer limit{io_};
    limit.expires_after(std::chrono::milliseconds(kConnectMs));
    bool too_long = false;
    limit.async_wait([&socket, &too_long](const boost::system::error_code& cancelled) {
      if (cancelled) return;
      too_long = true;
      boost::system::error_code ignored;
      socket.close(ignored);
    });
    const tcp::endpoint endpoint = entry.endpoint();
    const auto [failed] = co_await socket.async_connect(endpoint, kAwaitTuple);
    limit.cancel();
    co_await asio::post(io_, asio::use_awaitable);  // the timer's handler has run before its captures go
    if (!failed && !too_long) co_return Result<tcp::socket>{std::move(socket)};
    last.detail = too_long ? "no answer" : failed.message();
  }
  co_return Result<tcp::socket>{last};
}

Result<tcp::endpoint> Exchange::listen(const Address& address) {
  boost::system::error_code failed;
  tcp::resolver resolver{io_};
  const auto endpoints = resolver.resolve(address.host, address.port, tcp::resolver::passive, failed);
  if (failed || endpoints.empty()) return Error{Code::kListenFailed, failed.message()};
  const tcp::endpoint endpoint = endpoints.begin()->endpoint();
  acceptor_.emplace(io_);
  acceptor_->open(endpoint.protocol(), failed);
  if (!failed) acceptor_->set_option(tcp::acceptor::reuse_address(true), failed);
  if (!failed) acceptor_->bind(endpoint, failed);
  if (!failed) acceptor_->listen(asio::socket_base::max_listen_connections, failed);
  if (failed) return Error{Code::kListenFailed, failed.message()};
  asio::co_spawn(io_, accept_callers(), no_exception);
  return acceptor_->local_endpoint(failed);
}

asio::awaitable<void> Exchange::accept_callers() {
  while (!stopping_) {
    tcp::socket socket{io_};
    const auto [failed] = co_await acceptor_->async_accept(socket, kAwaitTuple);
    if (stopping_) break;
    if (failed) {
      co_await pause(200);  // out of descriptors, most likely: others will end
      continue;
    }
    if (live_.size() >= kLinksMost) continue;
    auto connection = open(std::move(socket), /*calling=*/false, std::nullopt);
    if (!connection) {
      node_.log().trouble("answering a caller", connection.error());
      continue;
    }
    asio::co_spawn(io_, serve(*connection), no_exception);
  }
}

asio::awaitable<void> Exchange::pause(std::int64_t ms) {
  asio::steady_timer timer{io_};
  timer.expires_after(std::chrono::milliseconds(ms));
  co_await timer.async_wait(kAwaitTuple);
}

asio::awaitable<void> Exchange::keep_meeting(Address address) {
  constexpr std::int64_t kFirstPauseMs = 1'000;
  constexpr std::int64_t kLongestPauseMs = 30'000;
  std::int64_t pause_ms = kFirstPauseMs;
  while (!stopping_) {
    auto socket = co_await dial(address);
    if (socket && !stopping_) {
      auto peer = remembered(address);
      auto connection = open(*std::move(socket), /*calling=*/true, std::move(peer));
      if (connection) {
        const Live live = *connection;
        co_await serve(live);
        const bool met = live->session().peer().has_value() && live->session().stats().bytes_in > 0;
        if (live->error() && live->error()->code == Code::kHandshake) {
          remember(address, std::nullopt);  // another node lives there now
        } else if (met) {
          remember(address, live->session().peer());
          pause_ms = kFirstPauseMs;
        }
      }
    }
    if (stopping_) break;
    co_await pause(pause_ms);
    pause_ms = std::min(pause_ms * 2, kLongestPauseMs);
  }
}

asio::awaitable<bool> Exchange::meet_found(Address address, core::NodeNumber node) {
  auto socket = co_await dial(address);
  const auto all = node_.enrolled();
  if (!socket || stopping_ || !all) co_return false;
  auto peer = (*all)->membership->find(node);  // not known here yet: then it is asked who it is
  auto connection = open(*std::move(socket), /*calling=*/true, std::move(peer));
  if (!connection) co_return false;
  const Live live = *connection;
  found_.insert_or_assign(node, live);
  co_await serve(live);
  found_.erase(node);
  co_return live->session().peer() && live->session().stats().bytes_in > 0 && !(live->error() && strangers(live->error()->code));
}

void Exchange::leave_found(core::NodeNumber node) {
  if (const auto found = found_.find(node); found != found_.end()) found->second->leave();
}

std::size_t Exchange::links_with(core::NodeNumber node) const {
  return static_cast<std::size_t>(std::ranges::count_if(live_, [&](const Live& live) {
    const auto& peer = live->session().peer();
    return peer && peer->number == node;
  }));
}

std::size_t Exchange::calls_to(core::NodeNumber node) const {
  return static_cast<std::size_t>(std::ranges::count_if(live_, [&](const Live& live) {
    const auto& peer = live->session().peer();
    return peer && peer->number == node && called_.contains(live.get());
  }));
}

std::optional<core::Member> Exchange::remembered(const Address& address) {
  const auto all = node_.enrolled();
  const auto row = node_.store().get(peer_key(address));
  if (!all || !row || !*row) return std::nullopt;
  core::ByteReader in{**row};
  const core::NodeNumber number{in.u32()};
  if (!in.done()) return std::nullopt;
  return (*all)->membership->find(number);
}

void Exchange::remember(const Address& address, const std::optional<core::Member>& peer) {
  core::WriteBatch batch;
  if (peer) {
    const auto known = remembered(address);
    if (known && known->number == peer->number) return;
    core::ByteWriter out;
    out.u32(peer->number.value);
    batch.put(peer_key(address), std::move(out).take());
  } else {
    batch.remove(peer_key(address));
  }
  // Only saves a round trip next time: losing it is no harm.
  if (const auto kept = node_.store().commit(batch, core::Durability::later); !kept)
    node_.log().trouble("peer memory", kept.error());
}

void Exchange::stop() {
  stopping_ = true;
  boost::system::error_code ignored;
  if (acceptor_) acceptor_->close(ignored);
  for (const Live& connection : live_) connection->drop();
  stirred_.cancel();
  digest_due_.cancel();
}

}  // namespace satchel::node
