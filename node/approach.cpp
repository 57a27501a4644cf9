#include "node/approach.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "node/awaiting.h"
#include "node/tcp_stream.h"

namespace satchel::node {

namespace asio = boost::asio;
using core::Code;
using core::Error;
using core::Result;
using tcp = asio::ip::tcp;

namespace {

/// A name with several addresses: the next one is called when one gives no sign for so long.
constexpr std::int64_t kNextPlaceMs = 2'000;
/// A meeting that moved less has not shown what its line can carry.
constexpr std::uint64_t kLineShown = 32 * 1024;

}  // namespace

Approach::Approach(Exchange& exchange, Address address, CarrierChoice choice, std::optional<core::Member> peer)
    : exchange_(exchange),
      address_(std::move(address)),
      choice_(choice),
      peer_(std::move(peer)),
      before_(load_place(exchange.node_.store(), address_)),
      dialling_(choice, before_.known, exchange.node_.surroundings().clock.mono()),
      stirred_(exchange.io_) {}

core::MonoMs Approach::now() const { return exchange_.node_.surroundings().clock.mono(); }

asio::awaitable<Result<void>> Approach::resolve() {
  tcp::resolver resolver{exchange_.io_};
  const auto [unresolved, found] = co_await resolver.async_resolve(address_.host, address_.port, kAwaitTuple);
  if (unresolved) co_return Result<void>{Error{Code::kPeerUnreachable, unresolved.message()}};
  for (const auto& entry : found) places_.push_back(entry.endpoint());
  dialling_ = Dialling{choice_, before_.known, now()};  // how long a name took is no part of the line's patience
  co_return Result<void>{};
}

asio::awaitable<void> Approach::wait(std::int64_t most_ms) {
  std::int64_t wait_ms = most_ms;
  if (const auto due = dialling_.deadline()) wait_ms = std::clamp<std::int64_t>(*due - now(), 0, most_ms);
  stirred_.expires_after(std::chrono::milliseconds(wait_ms));
  co_await stirred_.async_wait(kAwaitTuple);
}

bool Approach::look() {
  if (over_) return false;
  watch_call();
  watch_tcp();
  if (standing_ && !exchange_.live_.contains(standing_)) {
    drop();
    return false;
  }
  if (standing_) dialling_.standing_still(standing_->ended() ? 0 : standing_->stream().still_ms());
  while (const auto order = dialling_.next(now())) {
    if (order->step == Dialling::Step::give_up) {
      drop();
      return false;
    }
    obey(*order);
  }
  return true;
}

void Approach::obey(const Dialling::Order& order) {
  switch (order.step) {
    case Dialling::Step::call: return begin_call();
    case Dialling::Step::dial: return begin_dial();
    case Dialling::Step::link: return begin_link();
    case Dialling::Step::drop: return drop(order.by);
    case Dialling::Step::give_up: return;
  }
}

// --- by datagrams

void Approach::begin_call() {
  called_ = true;
  call_at_ = 0;
  call_next_place();
}

void Approach::call_next_place() {
  DatagramSocket* socket = exchange_.calling_socket();
  if (socket == nullptr || call_at_ >= places_.size()) return dialling_.failed(Carrier::datagrams, now());
  const tcp::endpoint& place = places_[call_at_++];
  call_began_ = now();
  line_ = socket->call({place.address(), place.port()}, before_.pass, before_.line);
  auto opened = exchange_.open(line_, /*calling=*/true, peer_);
  if (!opened) {
    note_failure(opened.error());
    return dialling_.failed(Carrier::datagrams, now());
  }
  call_ = *opened;
  links_.push_back(call_);
  asio::co_spawn(exchange_.io_, exchange_.serve(call_), no_exception);
}

void Approach::watch_call() {
  if (!call_) return;
  if (call_->proven()) return stand(call_);
  const bool gone = !exchange_.live_.contains(call_);
  if (line_->answered() && !gone) return dialling_.answered(Carrier::datagrams, now());
  const bool more = call_at_ < places_.size();
  const bool silent = more && now() - call_began_ >= kNextPlaceMs;
  if (!gone && !line_->refused() && !silent) return;
  if (gone) note_failure(call_->error());
  std::exchange(call_, nullptr)->drop();
  if (!line_->answered() && more) return call_next_place();
  dialling_.failed(Carrier::datagrams, now());
}

// --- by TCP

void Approach::begin_dial() {
  attempt_ = std::make_shared<Attempt>(exchange_.io_);
  asio::co_spawn(exchange_.io_, connect(attempt_), no_exception);
}

asio::awaitable<void> Approach::connect(std::shared_ptr<Attempt> attempt) {
  const auto self = shared_from_this();
  const auto places = places_;
  const std::int64_t most_ms = dialling_.dial_ms();
  Error last{Code::kPeerUnreachable, {}};
  for (const tcp::endpoint& place : places) {
    bool too_long = false;
    attempt->limit.expires_after(std::chrono::milliseconds(most_ms));
    attempt->limit.async_wait([attempt, &too_long](const boost::system::error_code& cancelled) {
      if (cancelled) return;
      too_long = true;
      boost::system::error_code ignored;
      attempt->socket.close(ignored);
    });
    const auto [failed] = co_await attempt->socket.async_connect(place, kAwaitTuple);
    attempt->limit.cancel();
    co_await asio::post(exchange_.io_, asio::use_awaitable);  // the timer's handler has run before its captures go
    if (attempt->dropped || over_) co_return;
    if (!failed && !too_long) {
      dialling_.answered(Carrier::tcp, now());
      poke();
      co_return;
    }
    last.detail = too_long ? "no answer" : failed.message();
    boost::system::error_code ignored;
    attempt->socket.close(ignored);
  }
  attempt_.reset();
  note_failure(last);
  dialling_.failed(Carrier::tcp, now());
  poke();
}

void Approach::begin_link() {
  auto stream = std::make_shared<TcpStream>(std::move(attempt_->socket), exchange_.node_.surroundings().clock);
  attempt_.reset();
  auto opened = exchange_.open(std::move(stream), /*calling=*/true, peer_);
  if (!opened) {
    note_failure(opened.error());
    return dialling_.failed(Carrier::tcp, now());
  }
  tcp_ = *opened;
  links_.push_back(tcp_);
  asio::co_spawn(exchange_.io_, exchange_.serve(tcp_), no_exception);
}

void Approach::watch_tcp() {
  if (!tcp_) return;
  if (tcp_->proven()) return stand(tcp_);
  if (exchange_.live_.contains(tcp_)) return;
  note_failure(tcp_->error());
  tcp_.reset();
  dialling_.failed(Carrier::tcp, now());
}

// --- what becomes of them

/// A handshake that came to an end can be over already, with nothing to do.
void Approach::stand(Live& link) {
  if (standing_) standing_->drop();
  standing_ = std::exchange(link, nullptr);
  dialling_.proven(standing_->stream().carrier());
}

/// What a link says of the other side tells more than that a connection failed.
void Approach::note_failure(const std::optional<Error>& error) {
  const bool telling = error && error->code != Code::kPeerUnreachable;
  if (error && (telling || !error_ || error_->code == Code::kPeerUnreachable)) error_ = error;
}

void Approach::drop(Carrier by) {
  if (by == Carrier::datagrams) {
    if (call_) std::exchange(call_, nullptr)->drop();
    return;
  }
  if (tcp_) std::exchange(tcp_, nullptr)->drop();
  if (!attempt_) return;
  attempt_->dropped = true;
  attempt_->limit.cancel();
  boost::system::error_code ignored;
  attempt_->socket.close(ignored);
  attempt_.reset();
}

void Approach::drop() {
  over_ = true;
  drop(Carrier::datagrams);
  drop(Carrier::tcp);
  if (standing_ && exchange_.live_.contains(standing_)) standing_->drop();
  poke();
}

Approach::Live Approach::link() const {
  if (standing_) return standing_;
  return tcp_ ? tcp_ : call_;
}

std::optional<Error> Approach::error() const {
  if (standing_) return standing_->error();
  return error_ ? error_ : Error{Code::kPeerUnreachable, "no answer"};
}

PlaceMemory Approach::learned() const {
  PlaceMemory out = before_;
  if (line_ && line_->stream().pass()) out.pass = line_->stream().pass();
  if (!standing_) return out;
  if (standing_->session().peer()) out.node = standing_->session().peer()->number;
  if (choice_ == CarrierChoice::automatic) {
    out.known.worked = standing_->stream().carrier();
    const bool counts = out.known.worked == Carrier::tcp && !called_;
    out.known.tcp_meetings = counts ? static_cast<std::uint8_t>(std::min(before_.known.tcp_meetings + 1, 255)) : std::uint8_t{0};
  }
  if (standing_->stream().carrier() == Carrier::datagrams && standing_->session().stats().bytes_out >= kLineShown) {
    if (const auto line = line_->stream().memory()) out.line = line;
  }
  return out;
}

}  // namespace satchel::node
