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
/// From this rate on a full buffer ahead is a small part of a second.
constexpr std::uint64_t kFastLine = 128 * 1024;
/// kind ‖ length ‖ lane ‖ offset of a data message, at their longest.
constexpr std::size_t kDataHeadMax = 1 + 3 + 1 + 5;
constexpr std::size_t kCertificateMax = 512;
constexpr std::size_t kBundleHeadMax = kDataHeadMax + kHeaderMax + kCertificateMax;

std::optional<std::uint64_t> partial_of(const std::vector<Partial>& partials, const core::BundleId& id) {
  const auto found = std::find_if(partials.begin(), partials.end(), [&](const Partial& each) { return each.id == id; });
  if (found == partials.end()) return std::nullopt;
  return found->offset;
}

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
  for (std::size_t at = 0; at < whole.size(); at += kFrontierPart) {
    const std::size_t n = std::min(kFrontierPart, whole.size() - at);
    say(ReceiptPart{at + n == whole.size(), ByteView{whole}.subspan(at, n), setup_.shelf->way()});
  }
}

/// What the peer could send us and we need not have. Nobody sends us our own. Of what goes up: not to the hub, which has it from
/// there, and not what the receipt covers, since nobody is offered that. Of what goes down: what is for us, and what a relay may
/// be given for others.
core::Frontier Session::frontier_for_peer() const {
  const Shelf& shelf = *setup_.shelf;
  const auto& receipt = shelf.receipt();
  const bool to_hub = peer()->role == core::Role::hub;
  const bool carries_down = shelf.role() == core::Role::relay && peer()->role != core::Role::site;
  const core::Frontier held = shelf.frontier();
  core::Frontier out;
  for (const auto& [log, seq] : held.entries()) {
    if (shelf.own(log)) continue;
    if (log.audience == core::kToHub) {
      if (to_hub || (receipt && receipt->at(log).stored >= seq)) continue;
    } else if (!shelf.for_us(log) && !carries_down && !shelf.has_carried(log)) {
      continue;
    }
    out.raise(log, seq);
  }
  return out;
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
  if (left == 0) say(part);
  for (const auto& [log, seq] : news.entries()) {
    part.frontier.raise(log, seq);
    --left;
    if (part.frontier.entries().size() < kFrontierPartEntries && left > 0) continue;
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

Result<void> Session::load_offers() {
  if (std::exchange(offers_stale_, false)) {
    listed_ = {};
    offers_more_ = true;
    for (auto& lane : offers_) lane.clear();
    for (const auto& [id, offset] : resend_from_) offers_[core::lane_index(id.log.lane)].push_back(id);
  }
  const Peer to = addressee();
  while (offers_more_ && offers_drained()) {
    core::Frontier after = peer_frontier_;
    after.merge(listed_);
    SATCHEL_TRY_ASSIGN(const std::vector<core::BundleId> ids, setup_.shelf->offers_for(to, after, peer_partials_));
    offers_more_ = ids.size() >= kOffersMax;
    for (const core::BundleId& id : ids) {
      // What the peer holds a part of is listed out of its order; what lies before it must not count as listed.
      if (!partial_of(peer_partials_, id)) listed_.raise(id.log, id.seq);
      if (wanted(id)) offers_[core::lane_index(id.log.lane)].push_back(id);
    }
  }
  return {};
}

bool Session::wanted(const core::BundleId& id) const {
  return !handled_.contains(id) && !peer_has_.contains(id) && !refused_logs_.contains(id.log);
}

bool Session::offers_drained() const noexcept {
  return std::all_of(offers_.begin(), offers_.end(), [](const auto& lane) { return lane.empty(); });
}

Result<void> Session::refill(Lane lane) {
  auto& line = offers_[core::lane_index(lane)];
  auto& out = outgoing_[core::lane_index(lane)];
  while (!out && !line.empty() && unconfirmed_.size() < kUnconfirmedMax) {
    const core::BundleId id = line.front();
    line.pop_front();
    const auto again = resend_from_.find(id);
    const bool first_time = again == resend_from_.end();
    if (refused_logs_.contains(id.log) || peer_frontier_.covers(id) || (first_time && handled_.contains(id))) continue;
    SATCHEL_TRY_ASSIGN(const auto header, setup_.shelf->header(id));
    std::uint64_t offset = 0;
    if (!first_time) {
      offset = again->second;
      resend_from_.erase(again);
    } else {
      offset = partial_of(peer_partials_, id).value_or(0);
    }
    if (!header) continue;
    out = Outgoing{0, *header, first_time ? first_offset(*header, offset) : std::min(offset, header->body_size()), false};
  }
  return {};
}

/// It holds something of that node, so it has its certificate.
bool Session::peer_knows(core::NodeNumber author) const {
  if (author == peer()->number || author == core::kHubNumber || author == setup_.link.self->number) return true;
  if (peer()->role == core::Role::hub || introduced_.contains(author)) return true;
  const core::LogId first{{author, core::Incarnation{}}, core::Audience{}, Lane::control};
  const auto found = peer_frontier_.entries().lower_bound(first);
  return found != peer_frontier_.entries().end() && found->first.author.node == author;
}

/// The bundle before it was freed everywhere under the receipt, and we have not sent it: 32 bytes more now save a round trip.
bool Session::peer_may_lack_root_before(const core::BundleId& id) const {
  if (id.seq.value <= 1 || peer()->role == core::Role::hub) return false;
  const core::BundleId before{id.log, core::Seq{id.seq.value - 1}};
  const auto& receipt = setup_.shelf->receipt();
  return receipt && receipt->stored(before) && !peer_frontier_.covers(before) && !handled_.contains(before);
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
    SATCHEL_TRY_ASSIGN(const bool added, add_bundle(frame, plan));
    more = added || (offers_more_ && offers_drained());
  }
  return {};
}

/// False when there is nothing to add.
Result<bool> Session::add_bundle(Bytes& frame, const FramePlan& plan) {
  for (const Lane lane : core::kLanes) {
    if (lane > plan.last) break;
    SATCHEL_TRY(refill(lane));
    auto& out = outgoing_[core::lane_index(lane)];
    if (!out) continue;
    SATCHEL_TRY_ASSIGN(const bool there, add_piece(frame, *out, plan));
    if (!there) {
      out.reset();
    } else if (out->offset == out->header.body_size()) {
      unconfirmed_.emplace(out->ref, out->header.id);
      out.reset();
    }
    return true;
  }
  return false;
}

/// False when the body cannot be read: it was freed under a receipt meanwhile, or this copy is damaged. Others go on.
Result<bool> Session::add_piece(Bytes& frame, Outgoing& out, const FramePlan& plan) {
  const std::uint64_t left = out.header.body_size() - out.offset;
  Bytes bytes;
  if (left > 0) {
    const std::size_t head = out.announced ? kDataHeadMax : kBundleHeadMax;
    const std::size_t room = plan.most - frame.size() - head;
    const std::size_t wanted = std::max(kPieceLeast, plan.target - std::min(plan.target, frame.size()));
    const std::uint64_t n = std::min<std::uint64_t>({left, room, wanted, kPieceMost});
    auto read = setup_.shelf->read(out.header.id, out.offset, static_cast<std::size_t>(n));
    if (!read || read->empty()) {
      const Code code = read ? Code::kPictureNotHere : read.error().code;
      handled_.insert(out.header.id);
      if (code != Code::kPictureNotHere) note_refused(out.header.id, code, false);
      return false;
    }
    bytes = *std::move(read);
  }
  if (!out.announced) SATCHEL_TRY(announce(frame, out));
  if (bytes.empty()) return true;
  append_message(frame, DataPiece{out.header.id.log.lane, out.offset, bytes});
  out.offset += bytes.size();
  body_sent_ += bytes.size();
  return true;
}

// --- the pump

Result<void> Session::pump() {
  if (link_.stage() != Link::Stage::open || !greeted_) return {};
  queue_receipt();
  queue_frontier_news();
  const std::uint64_t before = body_sent_;
  while (link_.pending().size() + kFramePlainMax < kAheadMax) {
    const FramePlan plan{piece_size()};
    SATCHEL_TRY_ASSIGN(const Bytes frame, next_frame(plan));
    if (frame.empty()) break;
    if (!busy_since_) {
      busy_since_ = now_;
      busy_bytes_ = 0;
    }
    SATCHEL_TRY(link_.send(frame));
  }
  if (body_sent_ > before) note_gain();
  return {};
}

Result<Bytes> Session::next_frame(FramePlan plan) {
  Bytes frame;
  const std::size_t room = std::min(plan.most, kPieceMost + kPieceLeast);
  while (!control_.empty() && frame.size() + control_.front().size() <= room) {
    core::append(frame, control_.front());
    control_.pop_front();
  }
  const bool fast = rate_ && *rate_ >= kFastLine;
  const bool room_ahead = fast || link_.pending().size() < piece_size();
  if (room_ahead && control_.empty() && ready_to_offer()) SATCHEL_TRY(fill(frame, plan));
  if (!done_said_ && ready_to_offer() && nothing_to_send() && !waits_for_receipt() && !receipt_due()) {
    append_message(frame, Plain{MessageKind::done});
    done_said_ = true;
  }
  return frame;
}

bool Session::nothing_to_send() const noexcept {
  const bool open = std::any_of(outgoing_.begin(), outgoing_.end(), [](const auto& out) { return out.has_value(); });
  const bool line = std::any_of(offers_.begin(), offers_.end(), [](const auto& lane) { return !lane.empty(); });
  return !open && !line && !offers_stale_ && !offers_more_ && control_.empty();
}

bool Session::waits_for_receipt() const { return !await_receipt_.empty() && now_ - await_receipt_since_ < kReceiptWaitMs; }

std::size_t Session::piece_size() const noexcept {
  if (!rate_) return std::clamp<std::size_t>(static_cast<std::size_t>(flowed_ / kPieceOfFlow), kPieceStart, kPieceMost);
  const std::uint64_t fitting = *rate_ * static_cast<std::uint64_t>(kPieceMs) / 1000;
  return static_cast<std::size_t>(std::clamp<std::uint64_t>(fitting, kPieceLeast, kPieceMost));
}

void Session::measure(std::size_t n) {
  if (!busy_since_) return;
  busy_bytes_ += n;
  flowed_ += n;
  const std::int64_t elapsed = now_ - *busy_since_;
  if (elapsed >= kMeasureMs && busy_bytes_ >= kMeasureBytes) {
    const std::uint64_t sample = busy_bytes_ * 1000 / static_cast<std::uint64_t>(elapsed);
    rate_ = rate_ ? (*rate_ * 3 + sample) / 4 : sample;
    busy_since_ = now_;
    busy_bytes_ = 0;
  }
  if (link_.pending().empty() && nothing_to_send()) busy_since_.reset();
}

}  // namespace satchel::protocol
