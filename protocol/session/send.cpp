#include <algorithm>

#include "protocol/session/session.h"

/// What we say, in which order, and how much of it at a time.
namespace satchel::protocol {

using core::Bytes;
using core::ByteView;
using core::Code;
using core::Lane;
using core::Result;

namespace {

constexpr std::uint64_t kMeasureBytes = 512;
/// A message of this size or less goes at once, however much is on its way: answers, and signs of life.
constexpr std::size_t kSmallTalk = 64;
/// From this rate on a full buffer ahead is a small part of a second.
constexpr std::uint64_t kFastLine = 128 * 1024;
/// kind ‖ length ‖ lane ‖ offset of a data message, at their longest.
constexpr std::size_t kDataHeadMax = 1 + 3 + 1 + 5;
constexpr std::size_t kCertificateMax = 512;
constexpr std::size_t kBundleHeadMax = kDataHeadMax + kHeaderMax + kCertificateMax;

ReceiptMark mark_of(const std::optional<core::Receipt>& receipt) {
  return receipt ? ReceiptMark{receipt->epoch, receipt->version} : ReceiptMark{};
}

}  // namespace

void Session::say(const Message& message) {
  Bytes encoded;
  append_message(encoded, message);
  control_.push_back(std::move(encoded));
}

// --- what the peer should know

/// When the peer should be sent our receipt, if it is newer than the peer's: at once for the first, and when the peer has sent
/// all that it has; in between now and then, so that a peer that sends a thousand bundles is not sent a thousand receipts.
std::optional<core::MonoMs> Session::receipt_due() const {
  const auto& receipt = setup_.shelf->receipt();
  if (!greeted_ || mark_of(receipt) <= peer_receipt_) return std::nullopt;
  if (peer_done_ || !receipt_said_) return now_;
  const std::uint64_t bytes = receipt->logs.size() * kReceiptBytesALog;
  const std::uint64_t line_ms = rate_ && *rate_ > 0 ? bytes * 1000 / *rate_ : 0;
  return *receipt_said_ + std::max(kNewsEveryMs, kNewsShare * static_cast<std::int64_t>(line_ms));
}

void Session::queue_receipt() {
  if (const auto due = receipt_due(); !due || *due > now_) return;
  const auto& receipt = setup_.shelf->receipt();
  peer_receipt_ = mark_of(receipt);
  receipt_said_ = now_;
  done_said_ = false;
  const Bytes whole = core::encode(*receipt);
  const std::size_t part = std::min(kFrontierPart, piece_size());
  told_way_ = setup_.shelf->way();
  for (std::size_t at = 0; at < whole.size(); at += part) {
    const std::size_t n = std::min(part, whole.size() - at);
    say(ReceiptPart{at + n == whole.size(), ByteView{whole}.subspan(at, n), told_way_});
  }
}

/// What the peer could send us and we need not have. Nobody sends us our own. Of what goes up: not to the hub, which has it from
/// there, and not what the receipt covers, since nobody is offered that. Of what goes down: what is for us, and what a relay may
/// be given for others.
core::Frontier Session::frontier_for_peer() const {
  const auto& receipt = setup_.shelf->receipt();
  const core::Frontier held = setup_.shelf->frontier();
  core::Frontier out;
  for (const auto& [log, seq] : held.entries()) {
    const bool receipted = log.audience == core::kToHub && receipt && receipt->at(log).stored >= seq;
    if (may_send_us(log) && !receipted) out.raise(log, seq);
  }
  return out;
}

bool Session::may_send_us(const core::LogId& log) const {
  const Shelf& shelf = *setup_.shelf;
  if (shelf.own(log)) return false;
  if (log.audience == core::kToHub) return peer()->role != core::Role::hub;
  return shelf.for_us(log) || (shelf.role() == core::Role::relay && peer()->role != core::Role::site) || shelf.has_carried(log);
}

/// The hub leaves out of its frontier what its receipt says; with that very receipt in hand we put it in again.
void Session::merge_hub_receipt() {
  const auto& receipt = setup_.shelf->receipt();
  if (receipt && mark_of(receipt) == peer_receipt_) peer_frontier_.merge(hub_receipt_frontier());
}

/// What the hub's receipt says of it; empty for another peer.
core::Frontier Session::hub_receipt_frontier() const {
  core::Frontier out;
  const auto& receipt = setup_.shelf->receipt();
  if (peer()->role != core::Role::hub || !receipt) return out;
  for (const auto& [log, reached] : receipt->logs) out.raise(log, reached.stored);
  return out;
}

/// What we got from elsewhere since: it need not be sent again. It only saves bytes, so it may wait for company.
std::optional<core::MonoMs> Session::news_due() const {
  if (!news_wanted_ || !greeted_) return std::nullopt;
  return news_said_ ? *news_said_ + kNewsEveryMs : now_;
}

void Session::queue_frontier_news() {
  if (const auto due = news_due(); !due || *due > now_) return;
  news_wanted_ = false;
  const core::Frontier now = frontier_for_peer();
  core::Frontier news;
  for (const auto& [log, seq] : now.entries()) {
    if (seq > told_.at(log)) news.raise(log, seq);
  }
  if (news.entries().empty()) return;
  news_said_ = now_;
  queue_frontier(news);
}

void Session::queue_frontier(const core::Frontier& news) {
  done_said_ = false;
  FrontierPart part;
  std::size_t left = news.entries().size();
  const std::size_t most = std::clamp<std::size_t>(piece_size() / kFrontierEntryMax, 1, kFrontierPartEntries);
  if (left == 0) say(part);
  for (const auto& [log, seq] : news.entries()) {
    part.frontier.raise(log, seq);
    --left;
    if (part.frontier.entries().size() < most && left > 0) continue;
    part.last = left == 0;
    say(part);
    part = {};
  }
  told_.merge(news);
}

// --- bundles

bool Session::ready_to_offer() const {
  // Without the peer's newer receipt we would offer what the hub has long had.
  const bool receipt_comes = peer_receipt_ > mark_of(setup_.shelf->receipt()) && setup_.shelf->role() != core::Role::hub;
  return greeted_ && peer_frontier_whole_ && !receipt_comes;
}

/// It holds something of that node, so it has its certificate.
bool Session::peer_knows(core::NodeNumber author) const {
  if (author == peer()->number || author == core::kHubNumber || author == setup_.link.self->number) return true;
  if (peer()->role == core::Role::hub || introduced_.contains(author)) return true;
  const core::LogId first{{author, core::Incarnation{}}, core::Audience{}, Lane::control};
  const auto found = peer_frontier_.entries().lower_bound(first);
  return found != peer_frontier_.entries().end() && found->first.author.node == author;
}

/// The bundle before it was freed everywhere under the receipt, or is passed by this one: 32 bytes more now save a round trip.
bool Session::peer_may_lack_root_before(const core::BundleId& id) const {
  const core::BundleId before{id.log, core::Seq{id.seq.value - 1}};
  if (before.seq.value == 0 || peer_frontier_.covers(before) || peer_has_.contains(before)) return false;
  const auto is_before = [&](const auto& out) { return out && out->header.id == before; };
  return !handled_.contains(before) || std::ranges::any_of(outgoing_, is_before) || std::ranges::any_of(aside_, is_before);
}

Result<void> Session::announce(Bytes& frame, Outgoing& out) {
  const core::BundleId& id = out.header.id;
  const core::NodeNumber author = id.log.author.node;
  if (!peer_knows(author)) {
    introduced_.insert(author);
    if (const auto member = setup_.link.membership->find(author)) append_message(frame, MemberMessage{core::encode(*member)});
  }
  BundleOffer offer{out.offset, std::nullopt, out.header.bytes};
  if (with_previous_.contains(id) || peer_may_lack_root_before(id)) {
    SATCHEL_TRY_ASSIGN(offer.previous_root, setup_.shelf->previous_root(id));
  }
  append_message(frame, offer);
  out.ref = next_ref_++;
  out.announced = true;
  handled_.insert(id);
  if (id.log.lane <= Lane::record) memory_.offered.raise(id.log, id.seq);
  done_said_ = false;
  return {};
}

/// Bundles into `frame`, most urgent first, until it is as large as wanted.
Result<void> Session::fill(Bytes& frame, const FramePlan& plan) {
  bool more = true;
  while (more && frame.size() < plan.target && frame.size() + kBundleHeadMax < plan.most) {
    SATCHEL_TRY(load_offers());
    judge_originals();
    SATCHEL_TRY_ASSIGN(const bool added, add_bundle(frame, plan));
    more = added || (offers_more_ && turns_.empty());
  }
  return {};
}

/// False when there is nothing to add.
Result<bool> Session::add_bundle(Bytes& frame, const FramePlan& plan) {
  for (const Lane lane : core::kLanes) {
    if (lane > plan.last || (lane == Lane::original && originals_held_)) break;
    const auto stream = turn_in(lane);
    if (!stream) continue;
    SATCHEL_TRY(refill(*stream));
    auto& out = outgoing_[stream->index()];
    if (!out) return true;  // what waited is not wanted any more: look again
    const std::size_t before = frame.size();
    const bool passes = out->passes;
    SATCHEL_TRY_ASSIGN(const bool there, add_piece(frame, *out, plan));
    note_sent(*stream, passes, frame.size() - before);
    if (!there) {
      out.reset();
    } else if (out->left() == 0) {
      if (!passes) turns_.note_finished(*stream, out->header.body_size());
      unconfirmed_.emplace(out->ref, out->header.id);
      out.reset();
    }
    return true;
  }
  return false;
}

/// False when the body cannot be read: it was freed under a receipt meanwhile, or this copy is damaged. Others go on.
Result<bool> Session::add_piece(Bytes& frame, Outgoing& out, const FramePlan& plan) {
  const std::uint64_t left = out.left();
  Bytes bytes;
  if (left > 0) {
    const std::size_t head = out.announced ? kDataHeadMax : kBundleHeadMax;
    const std::size_t room = plan.most - frame.size() - head;
    const std::size_t wanted = std::max(kPieceLeast, plan.target - std::min(plan.target, frame.size()));
    const std::uint64_t n = std::min<std::uint64_t>({left, room, wanted, kPieceMost});
    auto read = setup_.shelf->read(out.header.id, out.offset, static_cast<std::size_t>(n));
    if (!read || read->empty()) {
      const Code code = read ? Code::kPictureNotHere : read.error().code;
      // Evicted: it may come here again, and then it is offered again.
      SATCHEL_TRY_ASSIGN(const auto header, setup_.shelf->header(out.header.id));
      if (header) {
        handled_.insert(out.header.id);
      } else {
        handled_.erase(out.header.id);
      }
      if (code != Code::kPictureNotHere) note_refused(out.header.id, code, false);
      return false;
    }
    bytes = *std::move(read);
  }
  if (!out.announced) SATCHEL_TRY(announce(frame, out));
  if (bytes.empty()) return true;
  append_message(frame, DataPiece{Stream::of(out.header, setup_.link.self->number), out.offset, bytes});
  out.offset += bytes.size();
  body_sent_ += bytes.size();
  return true;
}

// --- the pump

Result<void> Session::pump() {
  if (link_.stage() != Link::Stage::open || !greeted_) return {};
  queue_receipt();
  queue_frontier_news();
  while (link_.pending().size() + kFramePlainMax < kAheadMax) {
    const FramePlan plan{piece_size()};
    SATCHEL_TRY_ASSIGN(const Bytes frame, next_frame(plan));
    if (frame.empty()) break;
    if (!busy_since_) busy_since_ = now_;
    SATCHEL_TRY(link_.send(frame));
    if (frame.size() > kSmallTalk) content_end_ = link_.bytes_out();
  }
  return {};
}

/// Little enough stands ready that a frame more does not make what comes after it wait.
bool Session::room_ahead() const {
  const bool fast = rate_ && *rate_ >= kFastLine;
  return fast || link_.pending().size() <= piece_size() / kPiecesAhead;
}

Result<Bytes> Session::next_frame(FramePlan plan) {
  Bytes frame;
  const bool room = room_ahead();
  const auto fits = [&](const Bytes& message) {
    if (frame.empty()) return room || message.size() <= kSmallTalk;
    return frame.size() + message.size() <= std::max(plan.target, kPieceLeast);
  };
  while (!control_.empty() && control_.front().size() <= plan.most && fits(control_.front())) {
    core::append(frame, control_.front());
    control_.pop_front();
  }
  if (room && control_.empty() && ready_to_offer()) SATCHEL_TRY(fill(frame, plan));
  if (!done_said_ && ready_to_offer() && nothing_to_send() && !waits_for_receipt() && !receipt_due()) {
    append_message(frame, Plain{MessageKind::done});
    done_said_ = true;
  }
  return frame;
}

bool Session::nothing_to_send() const noexcept {
  return !anything_waits() && !offers_stale_ && !(offers_more_ && turns_.empty()) && control_.empty();
}

bool Session::waits_for_receipt() const { return !await_receipt_.empty() && now_ - await_receipt_since_ < kReceiptWaitMs; }

std::size_t Session::piece_size() const noexcept {
  std::size_t most = kPieceMost;
  if (!rate_) most = std::clamp<std::size_t>(static_cast<std::size_t>(flowed_ / kPieceOfFlow), kPieceStart, kPieceMost);
  // Not measured yet: by what it took last time, never by more.
  const std::uint64_t rate = rate_.value_or(memory_.rate);
  if (rate == 0) return most;
  const std::uint64_t fitting = rate * static_cast<std::uint64_t>(kPieceMs) / 1000;
  return static_cast<std::size_t>(std::clamp<std::uint64_t>(fitting, kPieceLeast, most));
}

/// The stream has taken `n` bytes. What it takes at first fills the buffers below us and says nothing of the line: the measure
/// begins when the stream has made us wait, or has been busy for long enough.
void Session::measure(std::size_t n) {
  if (!busy_since_) return;
  flowed_ += n;
  const bool waited = taken_at_ && now_ - *taken_at_ >= kWaitedMs;
  taken_at_ = now_;
  if (!sample_since_) {
    if (waited || now_ - *busy_since_ >= kBurstMs) {
      sample_since_ = now_;
      sample_bytes_ = 0;
    }
  } else {
    sample_bytes_ += n;
    take_sample(now_ - *sample_since_);
  }
  if (link_.pending().empty() && nothing_to_send()) {
    busy_since_.reset();
    taken_at_.reset();
    sample_since_.reset();
  }
}

/// The longer a sample, the more it counts: after a change of the line's pace one or two are enough.
void Session::take_sample(std::int64_t elapsed_ms) {
  if (elapsed_ms < kMeasureMs || sample_bytes_ < kMeasureBytes) return;
  const auto took = static_cast<std::uint64_t>(elapsed_ms);
  const std::uint64_t sample = sample_bytes_ * 1000 / took;
  const auto blend = [&](std::uint64_t rate, std::uint64_t memory_ms) {
    return (rate * memory_ms + sample * took) / (memory_ms + took);
  };
  rate_ = rate_ ? blend(*rate_, kRateMemoryMs) : sample;
  steady_rate_ = steady_rate_ ? blend(*steady_rate_, kSteadyRateMemoryMs) : sample;
  sample_since_ = now_;
  sample_bytes_ = 0;
}

}  // namespace satchel::protocol
