#include "tests/sim/adversary.h"

#include "protocol/bundle/bundle.h"
#include "protocol/bundle/payload.h"

namespace satchel::tests {

using core::Bytes;
using protocol::Link;
using protocol::MessageKind;

namespace {

constexpr std::size_t kLootMost = 64;
constexpr std::size_t kPieceBytes = 1'000;

Link::Setup link_setup(Machine& machine, core::Rng& rng) {
  return {machine.membership.get(), &machine.identity.box, &machine.member, &machine.secrets.group_key, &rng};
}

}  // namespace

Adversary::Adversary(Machine& machine, Loot& loot, const std::optional<core::Member>& peer, bool calls, std::uint64_t seed)
    : machine_(machine),
      loot_(loot),
      rng_(seed),
      link_(calls ? Link::caller(link_setup(machine, rng_), peer) : Link::answerer(link_setup(machine, rng_))),
      boasts_(rng_.below(2) == 0),
      drips_(rng_.below(6) == 0),
      silent_(rng_.below(8) == 0),
      acts_left_(20 + rng_.below(200)),
      next_(machine.clock.mono() + 1'000) {
  greet();
}

core::ByteView Adversary::pending() const {
  const core::ByteView all = link_.pending();
  return drips_ && greeted_ ? all.first(std::min<std::size_t>(all.size(), 1)) : all;
}

void Adversary::sent(std::size_t n, core::MonoMs) { link_.sent(n); }

void Adversary::greet() {
  if (link_.stage() != Link::Stage::greeting || greeted_) return;
  protocol::Hello hello;
  hello.node = machine_.member.number;
  hello.role = machine_.member.role;
  if (link_.must_describe()) hello.certificate = core::encode(machine_.member);
  if (boasts_) {
    for (const Loot::Bundle& each : loot_.bundles) {
      if (const auto header = protocol::parse_header(each.header))
        hello.frontier.raise(header->id.log, core::Seq{header->id.seq.value + rng_.below(1'000'000)});
    }
    hello.receipt = {static_cast<std::uint32_t>(rng_.below(1'000)), rng_.u64()};
  }
  if (rng_.below(4) == 0) hello.nothing = true;
  greeted_ = link_.greet(protocol::encode(hello)).has_value();
}

void Adversary::receive(core::ByteView in, core::MonoMs) {
  link_.feed(in);
  while (true) {
    if (link_.stage() == Link::Stage::greeting && !greeted_ && link_.peer()) greet();
    auto payload = link_.next();
    if (!payload) {
      failure_ = payload.error();
      return;
    }
    if (!*payload) break;
    take(**payload);
    if (failure_) return;
  }
  if (link_.stage() == Link::Stage::greeting && link_.peer()) greet();
}

void Adversary::take(core::ByteView payload) {
  if (link_.stage() == Link::Stage::greeting || refs_in_ == 0) {
    if (const auto hello = protocol::decode_hello(payload)) {
      if (!link_.peer() && !hello->certificate.empty()) {
        if (const auto admitted = link_.admit(hello->certificate); !admitted) failure_ = admitted.error();
      } else if (!link_.peer()) {
        static_cast<void>(link_.ask_description());
      }
      return;
    }
  }
  const auto messages = protocol::decode_frame(payload);
  if (!messages) return;
  for (const protocol::Message& message : *messages) hear(message);
}

/// Keeps what it is told, and confirms it.
void Adversary::hear(const protocol::Message& message) {
  if (const auto* offer = std::get_if<protocol::BundleOffer>(&message)) {
    auto header = protocol::parse_header(offer->header);
    const std::uint64_t ref = refs_in_++;
    if (!header) return;
    Coming& coming = coming_[protocol::Stream::of(*header, link_.peer()->number).index()];
    coming = {*header, {core::to_bytes(offer->header), {}, offer->previous_root}, ref};
    return;
  }
  if (const auto* piece = std::get_if<protocol::DataPiece>(&message)) {
    Coming& coming = coming_[piece->stream.index()];
    if (!coming.header) return;
    core::append(coming.bundle.body, piece->bytes);
    if (coming.bundle.body.size() < coming.header->body_size()) return;
    if (loot_.bundles.size() < kLootMost) loot_.bundles.push_back(coming.bundle);
    say(protocol::Stored{{coming.ref}});
    coming = {};
    return;
  }
  if (const auto* part = std::get_if<protocol::ReceiptPart>(&message)) {
    core::append(receipt_in_, part->bytes);
    if (part->last && loot_.receipts.size() < kLootMost) loot_.receipts.push_back(std::exchange(receipt_in_, {}));
  }
}

void Adversary::say(const protocol::Message& message) {
  if (link_.stage() != Link::Stage::open || link_.pending().size() > 200'000) return;
  Bytes frame;
  protocol::append_message(frame, message);
  if (frame.size() <= protocol::kFramePlainMax) static_cast<void>(link_.send(frame));
}

void Adversary::wake(core::MonoMs now) {
  next_ = now + static_cast<std::int64_t>(100 + rng_.below(4'000));
  if (link_.stage() != Link::Stage::open || silent_) return;
  if (acts_left_-- == 0) {
    failure_ = core::Error{core::Code::kLinkBroken, "had enough"};
    return;
  }
  act();
}

void Adversary::act() {
  switch (rng_.below(9)) {
    case 0:
    case 1: return offer_changed();
    case 2: return offer_own();
    case 3: return bring_receipt();
    case 4: return answer_unasked();
    case 5: return boast();
    case 6: return flood();
    case 7:
      if (rng_.below(10) == 0) static_cast<void>(link_.send(noise(1 + rng_.below(500))));
      return;
    default: return say(protocol::Plain{MessageKind::done});
  }
}

Bytes Adversary::noise(std::size_t size) {
  Bytes out(size);
  rng_.fill(out);
  return out;
}

/// A bundle of somebody else's: with a wrong byte, with another one's body, half, from the middle, or as it was.
void Adversary::offer_changed() {
  if (loot_.bundles.empty()) return;
  Loot::Bundle bundle = loot_.bundles[rng_.below(loot_.bundles.size())];
  const auto header = protocol::parse_header(bundle.header);
  if (!header) return;
  std::uint64_t offset = 0;
  switch (rng_.below(6)) {
    case 0: bundle.body[rng_.below(bundle.body.size())] ^= static_cast<std::uint8_t>(1 + rng_.below(255)); break;
    case 1: bundle.body = loot_.bundles[rng_.below(loot_.bundles.size())].body; break;
    case 2: bundle.body.resize(bundle.body.size() / 2); break;
    case 3: bundle.header[rng_.below(bundle.header.size())] ^= static_cast<std::uint8_t>(1 + rng_.below(255)); break;
    case 4: offset = rng_.below(bundle.body.size()); break;
    default: break;
  }
  if (rng_.below(4) == 0) bundle.previous_root = core::Hash::from(noise(core::Hash::kSize));
  say(protocol::BundleOffer{offset, bundle.previous_root, bundle.header});
  const protocol::Stream stream = protocol::Stream::of(*header, machine_.member.number);
  for (std::uint64_t at = offset; at < bundle.body.size(); at += kPieceBytes) {
    const core::ByteView rest = core::ByteView{bundle.body}.subspan(at);
    say(protocol::DataPiece{stream, at, rest.first(std::min(rest.size(), kPieceBytes))});
  }
}

/// It is a member: it may write. Each time another content under the same number, none of which anybody can open.
void Adversary::offer_own() {
  protocol::SealRequest request;
  request.id = {{{machine_.member.number, core::Incarnation{77}}, core::kToHub, core::Lane::record}, core::Seq{1}};
  if (rng_.below(3) == 0) request.id.log.audience = core::kEveryone;
  request.recipients = {machine_.membership->founding().hub_box};
  const Bytes content = noise(50 + rng_.below(500));
  request.payload = content;
  const auto sealed = protocol::seal_bundle(request, machine_.identity.sign, rng_);
  if (!sealed) return;
  say(protocol::BundleOffer{0, std::nullopt, sealed->header.bytes});
  say(protocol::DataPiece{core::Lane::record, 0, sealed->body});
}

/// An old one, one with a wrong byte, or one of its own making.
void Adversary::bring_receipt() {
  Bytes receipt = noise(120);
  if (!loot_.receipts.empty()) receipt = loot_.receipts[rng_.below(loot_.receipts.size())];
  const auto whose = core::decode_receipt(receipt, machine_.member.campaign, machine_.membership->founding().hub_sign);
  switch (rng_.below(3)) {
    case 0:
      if (!receipt.empty()) receipt[rng_.below(receipt.size())] ^= static_cast<std::uint8_t>(1 + rng_.below(255));
      break;
    case 1:
      if (whose) {
        core::Receipt forged = *whose;
        ++forged.version;
        for (auto& [log, reached] : forged.logs) reached.stored = reached.opened = core::Seq{reached.stored.value + 5};
        core::sign_receipt(forged, machine_.identity.sign);
        receipt = core::encode(forged);
      }
      break;
    default: break;
  }
  for (std::size_t at = 0; at < receipt.size(); at += kPieceBytes) {
    const core::ByteView rest = core::ByteView{receipt}.subspan(at);
    say(protocol::ReceiptPart{rest.size() <= kPieceBytes, rest.first(std::min(rest.size(), kPieceBytes))});
  }
}

void Adversary::answer_unasked() {
  constexpr std::array kKinds{MessageKind::accept, MessageKind::skip, MessageKind::refuse, MessageKind::previous,
                              MessageKind::back};
  const std::uint64_t ref = rng_.below(20);
  if (rng_.below(6) == 0) return say(protocol::Stored{{ref, ref + 1}});
  say(protocol::Answer{kKinds[rng_.below(kKinds.size())], ref, rng_.below(5'000), core::Code::kQuota});
}

void Adversary::boast() {
  core::Frontier frontier;
  const core::Frontier held = machine_.shelf->frontier();
  for (const core::Member& member : machine_.membership->all()) {
    frontier.raise({{member.number, core::Incarnation{rng_.u64()}}, core::kToHub, core::Lane::record},
                   core::Seq{rng_.u64() >> 8U});
  }
  for (const auto& [log, seq] : held.entries()) frontier.raise(log, core::Seq{seq.value + 1'000});
  for (const Loot::Bundle& each : loot_.bundles) {
    if (const auto header = protocol::parse_header(each.header)) frontier.raise(header->id.log, core::Seq{1'000'000});
  }
  say(protocol::FrontierPart{true, frontier});
}

void Adversary::flood() {
  for (int i = 0; i < 200; ++i) say(protocol::Plain{MessageKind::ping});
  core::Member forged = machine_.member;
  forged.number = core::NodeNumber{static_cast<std::uint32_t>(rng_.below(20))};
  const Bytes certificate = core::encode(forged);
  say(protocol::MemberMessage{certificate});
}

}  // namespace satchel::tests
