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

/// A peer that has not spoken for a third of the time that it may be silent is asked whether it is there; for half of it by the
/// one who answered, so that two who have nothing to say do not both ask.
constexpr std::int64_t kCallerAsks = 3;
constexpr std::int64_t kAnswererAsks = 2;

}  // namespace

Session::Session(SessionSetup setup, Link link, MonoMs now)
    : setup_(std::move(setup)), link_(std::move(link)), now_(now), begun_(now), last_in_(now), last_gain_(now) {
  SATCHEL_CHECK(setup_.shelf != nullptr && setup_.link.membership == &setup_.shelf->membership());
}

Session Session::caller(SessionSetup setup, std::optional<core::Member> peer, MonoMs now) {
  Link link = Link::caller(setup.link, std::move(peer));
  Session session{std::move(setup), std::move(link), now};
  session.calls_ = true;
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
  note_arrival(in.size(), false);
  link_.feed(in);
  return work();
}

/// Bytes that come one by one and never make a frame are no sign of life.
void Session::note_arrival(std::size_t bytes, bool frame) {
  arrived_ += bytes;
  if (!frame && arrived_ < kSignOfLife) return;
  arrived_ = 0;
  longest_gap_ms_ = std::max(longest_gap_ms_, now_ - last_in_);
  last_in_ = now_;
  ping_out_ = false;
}

void Session::sent(std::size_t n, MonoMs now) {
  now_ = now;
  link_.sent(n);
  measure(n);
  if (link_.bytes_out() - link_.pending().size() <= content_end_) note_gain();
  if (failure_) return;
  if (const auto pumped = pump(); !pumped) fail(pumped.error());
  settle();
}

MonoMs Session::deadline() const {
  if (failure_) return failed_at_ + kFarewellMs;
  MonoMs next = last_in_ + silence_ms();
  const auto no_later = [&next](const std::optional<MonoMs>& time) {
    if (time) next = std::min(next, *time);
  };
  if (state_ == State::greeting) no_later(greeting_end());
  if (state_ == State::meeting) no_later(last_gain_ + stall_ms());
  if (met_at_ && link_.stage() == Link::Stage::open) no_later(*met_at_ + kMeetingApartMs);
  if (link_.stage() == Link::Stage::open) {
    if (!ping_out_) no_later(last_in_ + ask_after_ms());
    if (!done_said_ && waits_for_receipt()) no_later(await_receipt_since_ + kReceiptWaitMs);
    no_later(receipt_due());
    no_later(news_due());
    no_later(confirm_due());
    no_later(ask_again_);
  }
  return next;
}

Result<void> Session::wake(MonoMs now) {
  if (failure_) return *failure_;
  now_ = now;
  if (now - last_in_ >= silence_ms()) return fail(Error{Code::kPeerSilent, {}});
  if (state_ == State::greeting && now >= greeting_end()) return fail(Error{Code::kPeerSilent, "no greeting"});
  if (state_ == State::meeting && now - last_gain_ >= stall_ms()) return fail(Error{Code::kPeerSilent, "no progress"});
  if (link_.stage() == Link::Stage::open && !ping_out_ && now - last_in_ >= ask_after_ms()) {
    ping_out_ = true;
    say(Plain{MessageKind::ping});
  }
  if (ask_again_ && now >= *ask_again_) offer_refused_again();
  tell_way();
  // Two that stay together meet again and again.
  if (met_at_ && now - *met_at_ >= kMeetingApartMs) {
    if (const auto met = note_meeting(); !met) return fail(met.error());
  }
  return work();
}

void Session::shelf_changed(MonoMs now) {
  if (failure_) return;
  now_ = now;
  if (link_.stage() != Link::Stage::open || !greeted_) return;
  if (setup_.link.membership->revoked(peer()->number)) {
    fail(Error{Code::kRevoked, "node " + std::to_string(peer()->number.value)});
    return;
  }
  if (const auto& receipt = setup_.shelf->receipt()) {
    std::erase_if(await_receipt_, [&](const core::BundleId& id) { return receipt->opened(id); });
  }
  news_wanted_ = true;
  offers_stale_ = true;
  tell_way();
  if (const auto passed = pass_what_is_held(); !passed) {
    fail(passed.error());
    return;
  }
  if (const auto pumped = pump(); !pumped) fail(pumped.error());
  settle();
}

Result<void> Session::ended() {
  if (failure_) return *failure_;
  count_finished();
  if (done_said_ && peer_done_ && unconfirmed_.empty()) return {};
  state_ = State::failed;
  failed_at_ = now_;
  failure_ = Error{Code::kLinkBroken, {}};
  keep_memory();
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
      note_arrival(0, true);
      SATCHEL_TRY(on_payload(*payload));
    } else if (link_.stage() != Link::Stage::greeting) {
      break;
    }
    if (control_.size() > kAnswersMax) return Error{Code::kLimitExceeded, "answers that the peer does not read"};
  }
  return confirm_received();
}

Result<void> Session::on_payload(ByteView payload) {
  if (!greeted_) return on_hello(payload);
  SATCHEL_TRY(note_proven());
  SATCHEL_TRY_ASSIGN(const std::vector<Message> messages, decode_frame(payload));
  for (const Message& message : messages) SATCHEL_TRY(on_message(message));
  return {};
}

void Session::settle() {
  if (failure_ || state_ == State::greeting) return;
  const bool quiet = done_said_ && peer_done_ && unconfirmed_.empty() && finished_.empty() && nothing_to_send();
  const State before = std::exchange(state_, quiet && incoming_bytes_left() == 0 ? State::idle : State::meeting);
  if (before == State::idle && state_ == State::meeting) note_gain();
  if (before == State::meeting && state_ == State::idle) keep_memory();
}

Error Session::fail(Error error) {
  if (failure_) return *failure_;
  count_finished();
  failure_ = error;
  failed_at_ = now_;
  state_ = State::failed;
  keep_memory();
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
  // A greeting of which something has come, or a long one that is on its way out, has only its own limit.
  if (state_ == State::greeting && (link_.bytes_in() >= kSignOfLife || link_.bytes_out() >= kLongGreeting))
    return greeting_end() - last_in_;
  // A line that was away for long, and came back, may be away for as long again.
  std::int64_t out = std::max(kSilenceMs, std::min(kSilenceGaps * longest_gap_ms_, kSilenceMost));
  if (rate_ && *rate_ > 0) {
    const auto frame_ms = static_cast<std::int64_t>((piece_size() + kHeaderMax) * 1000 / *rate_);
    out = std::max(out, kSilenceFrames * frame_ms);
  }
  return out;
}

/// A long hello on a slow line has the time that it takes.
MonoMs Session::greeting_end() const {
  const std::uint64_t bytes = link_.bytes_in() + link_.bytes_out();
  return begun_ + kGreetingMs + static_cast<std::int64_t>(bytes * 1000 / kGreetingPace);
}

std::int64_t Session::ask_after_ms() const { return silence_ms() / (calls_ ? kCallerAsks : kAnswererAsks); }

std::int64_t Session::stall_ms() const { return kStallSilences * silence_ms(); }

// --- queries

bool Session::told_too_much() const {
  if (!greeted_ || setup_.shelf->setbacks() == setbacks_told_) return false;
  return std::ranges::any_of(setup_.shelf->set_back(),
                             [this](const auto& one) { return one.second > setbacks_told_ && may_send_us(one.first); });
}

bool Session::all_sent() const noexcept { return greeted_ && peer_frontier_whole_ && unconfirmed_.empty() && nothing_to_send(); }

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
    if (each) out.body_bytes_to_send += each->left();
  }
  out.bundles_in_line = turns_.size();
  if (originals_held_) out.originals_held = originals_waiting();
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
