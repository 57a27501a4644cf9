#include "node/exchange.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <numeric>

#include "core/crypto/hash.h"
#include "node/approach.h"
#include "node/awaiting.h"
#include "node/tcp_stream.h"

namespace satchel::node {

namespace asio = boost::asio;
using core::Code;
using core::Error;
using core::Result;
using tcp = asio::ip::tcp;

namespace {

/// What arrives within this time becomes durable, is opened and receipted in one step: a sync of the disk costs about as much.
/// When the last step took longer, so long: then at least half of the time is left for taking in.
constexpr std::int64_t kDigestMs = 10;
constexpr std::int64_t kDigestMsMost = 250;
/// ... and from the end of one step to the next one: while much is arriving, a disk is not to be kept busy with syncs.
constexpr std::int64_t kDigestApartMs = 50;
/// Links that a node keeps at a time: beyond it callers are turned away, so that no stranger can use up memory.
constexpr std::size_t kLinksMost = 64;

/// A link of somebody who has come again by another one is asleep after so long.
constexpr std::int64_t kAsleepMs = 5'000;
/// How often a link that stands is looked at.
constexpr std::int64_t kLookMs = 1'000;
/// When a port may be any: so many are tried until one is free for TCP and datagrams alike.
constexpr int kPortTries = 8;

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
  if (originals_wanted_ > 0) setup.originals_within_ms.reset();
  setup.learn = [this](const core::Member& member) { return learn(member); };
  return setup;
}

Result<Exchange::Live> Exchange::open(std::shared_ptr<ByteStream> stream, bool calling, std::optional<core::Member> peer) {
  node_.look_at_disk();
  SATCHEL_TRY_ASSIGN(protocol::SessionSetup setup, session_setup());
  const core::Clock& clock = node_.surroundings().clock;
  protocol::Session session = calling ? protocol::Session::caller(std::move(setup), std::move(peer), clock.mono())
                                      : protocol::Session::answerer(std::move(setup), clock.mono());
  auto connection = std::make_shared<Connection>(io_.get_executor(), std::move(stream), std::move(session), clock,
                                                 [this](Connection& one) { on_changed(one); });
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
  stir();
}

void Exchange::on_changed(Connection& connection) {
  const protocol::SessionStats stats = connection.session().stats();
  const std::uint64_t bundles = std::accumulate(stats.bundles_received.begin(), stats.bundles_received.end(), std::uint64_t{0});
  Seen& seen = seen_[&connection];
  const auto all = node_.enrolled();
  const Seen now{bundles, stats.receipts_received, all ? (*all)->shelf->beyond_news() : 0};
  if (now != seen) {
    if (now.receipts != seen.receipts) {
      if (const auto noted = node_.note_receipt(); !noted) node_.log().trouble("receipt time", noted.error());
    }
    seen = now;
    digest_soon();
    drop_sleeping(connection);
  }
  stir();
}

/// A node that brings something over a new link does not come back to the old one, which would keep a place for minutes.
void Exchange::drop_sleeping(const Connection& awake) {
  if (called_.contains(&awake)) return;
  for (const Live& other : std::set(live_)) {
    if (other.get() == &awake || called_.contains(other.get()) || !other->session().peer()) continue;
    const bool same = other->session().peer()->number == awake.session().peer()->number;
    if (same && other->stream().still_ms() >= kAsleepMs) other->drop();
  }
}

void Exchange::stir() {
  std::erase_if(approaches_, [](const auto& one) { return one.expired(); });
  for (const auto& one : approaches_) {
    if (const auto approach = one.lock()) approach->poke();
  }
}

void Exchange::digest_soon() {
  if (digest_is_due_) return;
  digest_is_due_ = true;
  std::int64_t wait_ms = std::clamp(digest_took_ms_, kDigestMs, kDigestMsMost);
  if (digested_at_) wait_ms = std::max(wait_ms, kDigestApartMs - (node_.surroundings().clock.mono() - *digested_at_));
  digest_due_.expires_after(std::chrono::milliseconds(wait_ms));
  digest_due_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled) changed();
  });
}

void Exchange::changed() {
  digest_is_due_ = false;
  const core::Clock& clock = node_.surroundings().clock;
  const core::MonoMs begun = clock.mono();
  if (const auto digested = node_.digest_arrivals(); !digested) node_.log().trouble("opening what arrived", digested.error());
  digested_at_ = clock.mono();
  digest_took_ms_ = *digested_at_ - begun;
  const auto all = node_.enrolled();
  if (!all) return;
  if (const auto released = (*all)->ledger->release(); !released) {
    node_.log().trouble("high water", released.error());
    return;  // nothing new may be offered before it is written
  }
  for (const Live& connection : live_) connection->shelf_changed();
}

Result<tcp::endpoint> Exchange::listen(const Address& address) {
  boost::system::error_code failed;
  tcp::resolver resolver{io_};
  const auto endpoints = resolver.resolve(address.host, address.port, tcp::resolver::passive, failed);
  if (failed || endpoints.empty()) return Error{Code::kListenFailed, failed.message()};
  const tcp::endpoint wanted = endpoints.begin()->endpoint();
  for (int tries = 1;; ++tries) {
    acceptor_.emplace(io_);
    acceptor_->open(wanted.protocol(), failed);
    if (!failed) acceptor_->set_option(tcp::acceptor::reuse_address(true), failed);
    if (!failed) acceptor_->bind(wanted, failed);
    if (!failed) acceptor_->listen(asio::socket_base::max_listen_connections, failed);
    if (failed) return Error{Code::kListenFailed, failed.message()};
    if (carrier_ != CarrierChoice::tcp) answer_datagrams(acceptor_->local_endpoint(failed));
    if (answers_ || carrier_ == CarrierChoice::tcp || wanted.port() != 0 || tries >= kPortTries) break;
  }
  asio::co_spawn(io_, accept_callers(), no_exception);
  return acceptor_->local_endpoint(failed);
}

/// Passes hang on the store key, so that they stay good when the node starts again.
void Exchange::answer_datagrams(const tcp::endpoint& beside) {
  const Surroundings& around = node_.surroundings();
  auto socket = std::make_unique<DatagramSocket>(io_, around.clock, around.rng);
  if (const auto opened = socket->open({beside.address(), beside.port()}); !opened) {
    node_.log().trouble("answering datagrams", opened.error());
    return;
  }
  const core::Hash key = core::keyed_hash(node_.identity().store_key.view(), "satchel datagram pass key", {});
  socket->answer(protocol::Gate{core::SecretBytes{key.view()}}, kLinksMost,
                 [this](std::shared_ptr<DatagramLine> line) { on_call(std::move(line)); });
  answers_ = std::move(socket);
}

void Exchange::on_call(std::shared_ptr<ByteStream> stream) {
  auto connection =
      live_.size() < kLinksMost ? open(stream, /*calling=*/false, std::nullopt) : Result<Live>{Code::kLimitExceeded};
  if (!connection) {
    stream->close();
    if (connection.error().code != Code::kLimitExceeded) node_.log().trouble("answering a caller", connection.error());
    return;
  }
  asio::co_spawn(io_, serve(*connection), no_exception);
}

DatagramSocket* Exchange::calling_socket() {
  if (calls_) return calls_.get();
  const Surroundings& around = node_.surroundings();
  auto socket = std::make_unique<DatagramSocket>(io_, around.clock, around.rng);
  const asio::ip::udp::endpoint anywhere{asio::ip::udp::v6(), 0};
  if (const auto opened = socket->open(anywhere); !opened) {
    node_.log().trouble("calling by datagrams", opened.error());
    return nullptr;
  }
  calls_ = std::move(socket);
  return calls_.get();
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
    on_call(std::make_shared<TcpStream>(std::move(socket), node_.surroundings().clock));
  }
}

asio::awaitable<void> Exchange::pause(std::int64_t ms) {
  asio::steady_timer timer{io_};
  timer.expires_after(std::chrono::milliseconds(ms));
  co_await timer.async_wait(kAwaitTuple);
}

std::shared_ptr<Approach> Exchange::approach(const Address& address, CarrierChoice choice, std::optional<core::Member> peer) {
  auto made = std::make_shared<Approach>(*this, address, choice, std::move(peer));
  approaches_.push_back(made);
  return made;
}

asio::awaitable<void> Exchange::see_through(std::shared_ptr<Approach> approach, Address address) {
  const auto resolved = co_await approach->resolve();
  if (!resolved) co_return;
  while (!stopping_ && approach->look()) co_await approach->wait(kLookMs);
  PlaceMemory learned = approach->learned();
  // Another node lives there now.
  if (const auto error = approach->error(); error && error->code == Code::kHandshake) learned.node.reset();
  remember(address, learned);
}

asio::awaitable<void> Exchange::keep_meeting(Address address) {
  constexpr std::int64_t kFirstPauseMs = 1'000;
  constexpr std::int64_t kLongestPauseMs = 30'000;
  std::int64_t pause_ms = kFirstPauseMs;
  while (!stopping_) {
    auto peer = remembered(address);
    const auto way = approach(address, carrier_, std::move(peer));
    co_await see_through(way, address);
    if (stopping_) break;
    if (way->met()) pause_ms = kFirstPauseMs;
    co_await pause(pause_ms);
    pause_ms = std::min(pause_ms * 2, kLongestPauseMs);
  }
}

asio::awaitable<bool> Exchange::meet_found(Address address, core::NodeNumber node) {
  const auto all = node_.enrolled();
  if (!all) co_return false;
  auto peer = (*all)->membership->find(node);  // not known here yet: then it is asked who it is
  const auto way = approach(address, carrier_, std::move(peer));
  found_.insert_or_assign(node, way);
  co_await see_through(way, address);
  found_.erase(node);
  const auto error = way->error();
  co_return way->met() && !(error && strangers(error->code));
}

void Exchange::leave_found(core::NodeNumber node) {
  const auto found = found_.find(node);
  if (found == found_.end()) return;
  if (const auto link = found->second->link()) link->leave();
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
  const PlaceMemory memory = load_place(node_.store(), address);
  if (!all || !memory.node) return std::nullopt;
  return (*all)->membership->find(*memory.node);
}

void Exchange::remember(const Address& address, const PlaceMemory& memory) {
  core::WriteBatch batch;
  put_place(batch, address, memory);
  if (const auto kept = node_.store().commit(batch, core::Durability::later); !kept)
    node_.log().trouble("peer memory", kept.error());
}

void Exchange::stop() {
  stopping_ = true;
  boost::system::error_code ignored;
  if (acceptor_) acceptor_->close(ignored);
  for (const auto& one : approaches_) {
    if (const auto approach = one.lock()) approach->drop();
  }
  for (const Live& connection : std::set(live_)) connection->drop();
  if (answers_) answers_->close();
  if (calls_) calls_->close();
  stir();
  digest_due_.cancel();
}

}  // namespace satchel::node
