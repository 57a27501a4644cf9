#include "protocol/session/session.h"

#include <algorithm>

namespace satchel::protocol {

using core::Bytes;
using core::ByteView;
using core::Code;
using core::Error;
using core::MonoMs;
using core::Result;

namespace {

/// A peer that has not spoken for a third of the time that it may be silent is asked whether it is there.
constexpr std::int64_t kPingsInSilence = 3;

}  // namespace

Session::Session(SessionSetup setup, Link link, MonoMs now)
    : setup_(std::move(setup)), link_(std::move(link)), now_(now), last_in_(now) {
  SATCHEL_CHECK(setup_.shelf != nullptr && setup_.link.membership == &setup_.shelf->membership());
}

Session Session::caller(SessionSetup setup, std::optional<core::Member> peer, MonoMs now) {
  Link link = Link::caller(setup.link, std::move(peer));
  Session session{std::move(setup), std::move(link), now};
  if (const auto greeted = session.greet_if_wanted(); !greeted) session.fail(greeted.error());
  return session;
}

Session Session::answerer(SessionSetup setup, MonoMs now) {
  Link link = Link::answerer(setup.link);
  return Session{std::move(setup), std::move(link), now};
}

// --- what the owner calls

Result<void> Session::receive(ByteView in, MonoMs now) {
  if (failure_) return *failure_;
  now_ = now;
  if (!in.empty()) {
    last_in_ = now;
    ping_out_ = false;
  }
  link_.feed(in);
  return work();
}

void Session::sent(std::size_t n, MonoMs now) {
  now_ = now;
  link_.sent(n);
  measure(n);
  if (failure_) return;
  if (const auto pumped = pump(); !pumped) fail(pumped.error());
  settle();
}

std::optional<MonoMs> Session::deadline() const {
  if (failure_) return std::nullopt;
  MonoMs next = last_in_ + silence_ms();
  if (link_.stage() == Link::Stage::open) {
    if (!ping_out_) next = std::min(next, last_in_ + silence_ms() / kPingsInSilence);
    if (!done_said_ && waits_for_receipt()) next = std::min(next, await_receipt_since_ + kReceiptWaitMs);
  }
  return next;
}

Result<void> Session::wake(MonoMs now) {
  if (failure_) return *failure_;
  now_ = now;
  if (now - last_in_ >= silence_ms()) return fail(Error{Code::kPeerSilent, {}});
  if (link_.stage() == Link::Stage::open && !ping_out_ && now - last_in_ >= silence_ms() / kPingsInSilence) {
    ping_out_ = true;
    say(Plain{MessageKind::ping});
  }
  return work();
}

void Session::shelf_changed(MonoMs now) {
  if (failure_) return;
  now_ = now;
  if (link_.stage() != Link::Stage::open || !peer_hello_) return;
  if (setup_.link.membership->revoked(peer()->number)) {
    fail(Error{Code::kRevoked, "node " + std::to_string(peer()->number.value)});
    return;
  }
  if (const auto& receipt = setup_.shelf->receipt()) {
    std::erase_if(await_receipt_, [&](const core::BundleId& id) { return receipt->opened(id); });
  }
  queue_receipt();
  queue_frontier_news();
  offers_stale_ = true;
  if (const auto pumped = pump(); !pumped) fail(pumped.error());
  settle();
}

Result<void> Session::ended() {
  if (failure_) return *failure_;
  if (done_said_ && peer_done_ && unconfirmed_.empty()) return {};
  state_ = State::failed;
  failure_ = Error{Code::kLinkBroken, {}};
  return *failure_;
}

// --- the machine

Result<void> Session::work() {
  auto worked = work_through();
  if (worked) worked = pump();
  if (!worked) return fail(worked.error());
  settle();
  return {};
}

Result<void> Session::work_through() {
  while (true) {
    SATCHEL_TRY(greet_if_wanted());
    SATCHEL_TRY_ASSIGN(const std::optional<Bytes> payload, link_.next());
    if (payload) {
      SATCHEL_TRY(on_payload(*payload));
    } else if (link_.stage() != Link::Stage::greeting) {
      break;
    }
    if (control_.size() > kAnswersMax) return Error{Code::kLimitExceeded, "answers that the peer does not read"};
  }
  return confirm_received();
}

Result<void> Session::on_payload(ByteView payload) {
  if (!peer_hello_) return on_hello(payload);
  SATCHEL_TRY_ASSIGN(const std::vector<Message> messages, decode_frame(payload));
  for (const Message& message : messages) SATCHEL_TRY(on_message(message));
  return {};
}

Result<void> Session::on_hello(ByteView payload) {
  SATCHEL_TRY_ASSIGN(Hello hello, decode_hello(payload));
  if (!peer()) {
    if (hello.certificate.empty()) return link_.ask_description();
    SATCHEL_TRY(link_.admit(hello.certificate));
  }
  if (hello.node != peer()->number || hello.role != peer()->role) return Error{Code::kMalformed, "hello of another node"};
  SATCHEL_TRY(learn_peer());
  peer_receipt_ = hello.receipt;
  peer_frontier_ = hello.frontier;
  peer_frontier_whole_ = hello.whole;
  peer_partials_ = hello.partials;
  peer_hello_ = std::move(hello);
  SATCHEL_TRY(note_direct(peer_frontier_));
  SATCHEL_TRY(greet_if_wanted());
  return start_meeting();
}

/// A node whose certificate came with the link, and not from the founding, is new to us.
Result<void> Session::learn_peer() {
  if (peer()->signature == core::Signature{} || setup_.link.membership->find(peer()->number)) return {};
  return setup_.learn(*peer());
}

Result<void> Session::greet_if_wanted() {
  if (link_.stage() != Link::Stage::greeting || !peer()) return {};
  const Hello hello = make_hello();
  told_ = hello.frontier;
  return link_.greet(encode(hello));
}

Hello Session::make_hello() const {
  const Shelf& shelf = *setup_.shelf;
  Hello hello;
  hello.node = setup_.link.self->number;
  hello.role = setup_.link.self->role;
  hello.incarnation = setup_.incarnation;
  if (const auto& receipt = shelf.receipt()) hello.receipt = {receipt->epoch, receipt->version};
  hello.frontier = frontier_for_peer();
  hello.whole = hello.frontier.entries().size() <= kFrontierPartEntries;
  if (!hello.whole) hello.frontier = {};
  for (const Partial& partial : shelf.partials()) {
    const bool may_come = peer()->role != core::Role::hub || partial.id.log.audience != core::kToHub;
    if (may_come && hello.partials.size() < kPartialsMax) hello.partials.push_back(partial);
  }
  if (link_.must_describe()) hello.certificate = core::encode(*setup_.link.self);
  return hello;
}

Result<void> Session::start_meeting() {
  state_ = State::meeting;
  queue_receipt();
  const core::Frontier whole = frontier_for_peer();
  if (whole.entries().size() > kFrontierPartEntries) queue_frontier(whole);
  merge_hub_receipt();
  return {};
}

void Session::settle() {
  if (failure_ || state_ == State::greeting) return;
  const bool quiet = done_said_ && peer_done_ && unconfirmed_.empty() && finished_.empty() && nothing_to_send();
  state_ = quiet && incoming_bytes_left() == 0 ? State::idle : State::meeting;
}

Error Session::fail(Error error) {
  if (failure_) return *failure_;
  failure_ = error;
  state_ = State::failed;
  if (link_.stage() == Link::Stage::open && !peer_left_) {
    Bytes frame;
    append_message(frame, Bye{error.code});
    // When even that is not possible the peer sees the stream end.
    if (const auto said = link_.send(frame); !said) link_.refuse(error.code);
  }
  link_.refuse(error.code);
  return error;
}

std::int64_t Session::silence_ms() const {
  if (!rate_ || *rate_ == 0) return kSilenceMs;
  const std::int64_t frame_ms = static_cast<std::int64_t>((piece_size() + kHeaderMax) * 1000 / *rate_);
  return std::max(kSilenceMs, kSilenceFrames * frame_ms);
}

// --- queries

bool Session::all_sent() const noexcept {
  return peer_hello_ && peer_frontier_whole_ && unconfirmed_.empty() && nothing_to_send();
}

std::optional<core::Incarnation> Session::peer_incarnation() const {
  if (!peer_hello_) return std::nullopt;
  return peer_hello_->incarnation;
}

SessionStats Session::stats() const {
  SessionStats out = stats_;
  out.bytes_in = link_.bytes_in();
  out.bytes_out = link_.bytes_out();
  return out;
}

SessionProgress Session::progress() const {
  SessionProgress out;
  out.body_bytes_sent = body_sent_;
  out.body_bytes_received = body_received_;
  for (const auto& each : outgoing_) {
    if (each) out.body_bytes_to_send += each->header.body_size() - each->offset;
  }
  for (const auto& lane : offers_) out.bundles_in_line += lane.size();
  out.body_bytes_to_receive = incoming_bytes_left();
  out.send_rate = rate_;
  return out;
}

std::uint64_t Session::incoming_bytes_left() const noexcept {
  std::uint64_t left = 0;
  for (const Incoming& each : incoming_) {
    if (each.mood == Incoming::Mood::taking) left += each.size - each.offset;
  }
  return left;
}

}  // namespace satchel::protocol
