#include <algorithm>

#include "protocol/session/session.h"

/// How a meeting begins, what goes with the handshake, and what is kept for the next meeting.
namespace satchel::protocol {

using core::Bytes;
using core::ByteView;
using core::Code;
using core::Error;
using core::Lane;
using core::Result;

namespace {

/// A line whose pace differs by less than this is the line that it was: not worth a write.
constexpr std::uint64_t kRateChanged = 2;

bool differs(std::uint64_t rate, std::uint64_t from) {
  return from == 0 || rate > from * kRateChanged || rate < from / kRateChanged;
}

/// Who has not proven yet that it is there now, and not a recording, brings bundles and nothing else.
bool may_come_early(const Message& message) {
  if (const auto* piece = std::get_if<DataPiece>(&message)) return piece->stream.lane <= Lane::record;
  return std::holds_alternative<BundleOffer>(message) || std::holds_alternative<MemberMessage>(message) ||
         std::holds_alternative<TagMessage>(message);
}

}  // namespace

// --- the peer's hello

Result<void> Session::on_hello(ByteView payload) {
  SATCHEL_TRY_ASSIGN(Hello hello, decode_hello(payload));
  if (!peer()) {
    if (hello.certificate.empty()) return link_.ask_description();
    SATCHEL_TRY(link_.admit(hello.certificate));
  }
  if (hello.node != peer()->number || hello.role != peer()->role) return Error{Code::kMalformed, "hello of another node"};
  SATCHEL_TRY(learn_peer());
  SATCHEL_TRY(recall_peer());
  SATCHEL_TRY(take_frontier(hello));
  peer_receipt_ = hello.receipt;
  peer_way_ = hello.way;
  peer_partials_ = std::move(hello.partials);
  peer_done_ = hello.nothing;
  greeted_ = true;
  offers_stale_ = true;
  SATCHEL_TRY(note_direct(peer_frontier_));
  merge_hub_receipt();
  note_beyond(hello.beyond);
  queue_receipt();
  if (calls_) SATCHEL_TRY(note_proven());  // the answer opened with what only this handshake has
  if (calls_) {
    SATCHEL_TRY(tell_rest_of_frontier());
    SATCHEL_TRY(take_messages(hello.messages));
  } else {
    SATCHEL_TRY(take_eager(hello.messages));
    SATCHEL_TRY(greet_if_wanted());
    SATCHEL_TRY(tell_rest_of_frontier());
  }
  state_ = State::meeting;
  note_gain();
  return {};
}

/// What our hello said would follow.
Result<void> Session::tell_rest_of_frontier() {
  if (!std::exchange(owes_frontier_, false)) return {};
  queue_frontier(frontier_for_peer());
  return say_tag();
}

/// Its frontier as it stands in the hello, or what is new in it since the meeting that both remember.
Result<void> Session::take_frontier(const Hello& hello) {
  if (calls_ && (hello.memory || (hello.news && !shared_))) return Error{Code::kMalformed, "a memory that nobody named"};
  if (!calls_ && hello.news && !hello.memory) return Error{Code::kMalformed, "news of nothing"};
  const bool named = calls_ ? shared_ : hello.memory.has_value();
  if (!calls_) {
    shared_ = named && *hello.memory == digest_of(memory_, setup_.link.self->number, peer()->number) &&
              memory_holds(setup_.shelf->frontier()) &&
              encode(difference(memory_.ours, frontier_for_peer())).size() <= kFrontierPart;
  } else if (shared_ && !hello.news) {
    shared_ = false;  // it does not remember: it is told everything
    told_ = {};
    owes_frontier_ = true;
  }
  peer_frontier_ = hello.frontier;
  peer_frontier_whole_ = hello.whole && (shared_ || !hello.news);
  if (shared_) {
    SATCHEL_TRY_ASSIGN(peer_frontier_, apply(memory_.theirs, *hello.news));
  }
  heard_ = peer_frontier_;
  return {};
}

/// What lies whole there beyond a gap need not be sent.
void Session::note_beyond(const std::vector<BeyondGap>& runs) {
  for (const BeyondGap& run : runs) {
    for (std::uint64_t i = 0; i < run.count; ++i) peer_has({run.log, core::Seq{run.first.value + i}});
  }
}

/// What came with the first message. A replay of it may be all that there is: taking a bundle in twice changes nothing, and what
/// we answer only the true caller can read.
Result<void> Session::take_eager(ByteView messages) {
  if (messages.empty()) return {};
  SATCHEL_TRY_ASSIGN(const std::vector<Message> list, decode_frame(messages));
  if (!std::ranges::all_of(list, may_come_early)) return Error{Code::kMalformed, "not for the first message"};
  for (const Message& message : list) SATCHEL_TRY(on_message(message));
  // Our hello may say that we have it.
  return finished_.empty() ? Result<void>{} : setup_.shelf->flush();
}

Result<void> Session::take_messages(ByteView messages) {
  if (messages.empty()) return {};
  SATCHEL_TRY_ASSIGN(const std::vector<Message> list, decode_frame(messages));
  for (const Message& message : list) SATCHEL_TRY(on_message(message));
  return {};
}

/// A node whose certificate came with the link, and not from the founding, is new to us.
Result<void> Session::learn_peer() {
  if (peer()->signature == core::Signature{} || setup_.link.membership->find(peer()->number)) return {};
  return setup_.learn(*peer());
}

// --- our hello

Result<void> Session::greet_if_wanted() {
  if (link_.stage() != Link::Stage::greeting || !peer()) return {};
  SATCHEL_TRY(recall_peer());
  SATCHEL_TRY_ASSIGN(Hello hello, make_hello());
  SATCHEL_TRY(calls_ ? greet_as_caller(hello) : greet_as_answerer(hello));
  return link_.greet(encode(hello));
}

/// What we believe that the peer lacks goes along: control and records reach it one round trip earlier.
Result<void> Session::greet_as_caller(Hello& hello) {
  // Asked to begin again with our certificate: what went with the first try was not read.
  outgoing_ = {};
  aside_ = {};
  handled_.clear();
  introduced_.clear();
  unconfirmed_.clear();
  next_ref_ = 0;
  memory_.offered = kept_.offered;
  peer_frontier_ = memory_.theirs;
  peer_frontier_.merge(hub_receipt_frontier());
  // What was on the line at a former meeting may have arrived: the peer's hello will say so.
  listed_ = {memory_.offered, memory_.offered};
  turns_.clear();
  offers_stale_ = false;
  offers_more_ = true;
  const auto in_time = static_cast<std::size_t>(memory_.rate * static_cast<std::uint64_t>(kEagerMs) / 1000);
  SATCHEL_TRY_ASSIGN(const auto tag, tag_for_peer());
  if (tag) append_message(hello.messages, *tag);
  FramePlan plan{kEagerUnmeasured, kGreetingMessagesMax, Lane::record};
  if (memory_.rate > 0) plan.target = std::clamp(in_time, kPieceLeast, kGreetingMessagesMax);
  return fill(hello.messages, plan);
}

/// Answers to what came with the first message, receipts and what is for the peer go along.
Result<void> Session::greet_as_answerer(Hello& hello) {
  SATCHEL_TRY(confirm_received());
  SATCHEL_TRY_ASSIGN(hello.nothing, nothing_for_peer());
  done_said_ = hello.nothing;
  SATCHEL_TRY(say_tag());
  FramePlan plan{piece_size(), kGreetingMessagesMax};
  SATCHEL_TRY_ASSIGN(hello.messages, next_frame(plan));
  return {};
}

/// Known before our hello only to the one who answers.
Result<bool> Session::nothing_for_peer() {
  if (!ready_to_offer() || owes_frontier_ || waits_for_receipt()) return false;
  SATCHEL_TRY(load_offers());
  return nothing_to_send();
}

Result<Hello> Session::make_hello() {
  const Shelf& shelf = *setup_.shelf;
  Hello hello;
  hello.node = setup_.link.self->number;
  hello.role = setup_.link.self->role;
  if (const auto& receipt = shelf.receipt()) hello.receipt = {receipt->epoch, receipt->version};
  hello.way = told_way_ = shelf.way();
  tell_frontier(hello);
  for (const Partial& partial : shelf.partials()) {
    const bool may_come = peer()->role != core::Role::hub || partial.id.log.audience != core::kToHub;
    if (may_come && hello.partials.size() < kPartialsMax) hello.partials.push_back(partial);
  }
  SATCHEL_TRY_ASSIGN(hello.beyond, shelf.beyond_gaps());
  std::erase_if(hello.beyond, [this](const BeyondGap& run) { return !may_send_us(run.log); });
  if (link_.must_describe()) hello.certificate = core::encode(*setup_.link.self);
  return hello;
}

/// Only what is new, where the peer remembers the rest; who begins names the memory when that saves bytes.
void Session::tell_frontier(Hello& hello) {
  const core::Frontier now = frontier_for_peer();
  told_ = now;
  setbacks_told_ = setup_.shelf->setbacks();
  owes_frontier_ = false;
  if (calls_) shared_ = memory_holds(setup_.shelf->frontier());
  if (shared_) {
    const FrontierDelta news = difference(memory_.ours, now);
    const std::size_t by_memory = encode(news).size() + MemoryDigest{}.size();
    const std::size_t in_full = core::encode(now).size() + core::encode(memory_.theirs).size();
    if (!calls_ || (by_memory < in_full && by_memory <= kFrontierPart)) {
      told_.merge(memory_.ours);
      hello.news = news;
      if (calls_) hello.memory = digest_of(memory_, hello.node, peer()->number);
      return;
    }
    shared_ = false;
  }
  hello.whole = now.entries().size() <= kFrontierPartEntries;
  owes_frontier_ = !hello.whole;
  if (hello.whole) hello.frontier = now;
  if (!hello.whole) told_ = {};
}

// --- from meeting to meeting

/// A database set back to an older copy may hold less than the peer was told: then nothing is left out.
bool Session::memory_holds(const core::Frontier& held) const { return memory_ != Memory{} && reaches(held, memory_.ours); }

Result<void> Session::recall_peer() {
  if (std::exchange(recalled_, true)) return {};
  SATCHEL_TRY_ASSIGN(const auto row, setup_.shelf->recall(peer()->number));
  if (!row) return {};
  // One that cannot be read costs a whole frontier, and is written anew.
  if (auto memory = decode_memory(*row)) memory_ = kept_ = *std::move(memory);
  turns_.set_passed(memory_.passed);
  return {};
}

/// When both are done each knows what the other was told. What is lost of this costs bytes at the next meeting and nothing else,
/// so that no error of the store stops a meeting here.
void Session::keep_memory() {
  if (proven_) {
    note_peer_holds();  // what we took in ourselves lies with both now
    if (!setup_.shelf->keep_neighbour(peer()->number)) return;
  }
  if (!proven_ || told_.entries().size() > core::kFrontierEntriesMax) return;
  if (state_ == State::idle) {
    memory_.ours = told_;
    memory_.theirs = heard_;
  }
  if (rate_ && differs(*rate_, memory_.rate)) memory_.rate = *rate_;
  memory_.passed = turns_.passed();
  if (memory_ == kept_) return;
  if (setup_.shelf->remember(peer()->number, encode(memory_))) kept_ = memory_;
}

}  // namespace satchel::protocol
