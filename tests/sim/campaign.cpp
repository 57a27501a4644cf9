#include "tests/sim/campaign.h"

#include "protocol/bundle/bundle.h"
#include "protocol/bundle/payload.h"

namespace satchel::tests {

using core::BundleId;
using core::Bytes;

CampaignNode::CampaignNode(core::Member own, core::Identity keys, const core::Founding& founding, core::ByteView group_key,
                           std::uint64_t seed)
    : member(std::move(own)),
      identity(std::move(keys)),
      membership(founding),
      incarnation{1000 + member.number.value},
      rng(seed),
      group_(group_key) {
  SATCHEL_CHECK(membership.add(member).has_value());
  reopen();
}

protocol::SessionSetup CampaignNode::session_setup() {
  protocol::SessionSetup setup;
  setup.shelf = shelf.get();
  setup.link = {&membership, &identity.box, &member, &group_, &rng};
  setup.learn = [this](const core::Member& learnt) { return membership.add(learnt); };
  return setup;
}

BundleId CampaignNode::write(core::Lane lane, std::size_t size, core::Audience audience, bool urgent) {
  Bytes blob(size);
  rng.fill(blob);
  const Bytes payload = protocol::encode_payload({{}, {blob}});
  auto stage = shelf->stage();
  const core::LogId where = log(lane, audience);
  const auto place = stage.next(where);
  SATCHEL_CHECK(place.has_value());
  protocol::SealRequest wanted{{where, place->seq}, place->previous_root, {}, {}, payload, protocol::ChunkSize::k32, urgent};
  const core::Founding& founding = membership.founding();
  if (audience == core::kEveryone) {
    wanted.group_key = group_.view();
  } else if (audience == core::kToHub) {
    wanted.recipients = {founding.hub_box, founding.recovery_box};
  } else {
    wanted.recipients = {membership.find(core::NodeNumber{audience.value})->box};
  }
  const auto sealed = protocol::seal_bundle(wanted, identity.sign, rng);
  SATCHEL_CHECK(sealed.has_value());
  core::WriteBatch batch;
  SATCHEL_CHECK(stage.add(batch, *sealed).has_value());
  SATCHEL_CHECK(store.commit(batch, core::Durability::synced).has_value());
  shelf->accept(std::move(stage));
  return wanted.id;
}

bool CampaignNode::digest() {
  const auto changed = try_digest();
  SATCHEL_CHECK(changed.has_value());
  return *changed;
}

core::Result<bool> CampaignNode::try_digest() {
  // No flush here: that what was confirmed is durable is the session's business, and must show when it is not.
  const auto inbox = shelf->inbox();
  SATCHEL_CHECK(inbox.has_value());
  core::WriteBatch batch;
  for (const BundleId& id : *inbox) {
    const auto header = shelf->header(id);
    const auto body = shelf->read_body(id);
    SATCHEL_CHECK(header && *header && body);
    if (protocol::open_bundle(**header, *body, {&identity.box, group_.view()})) {
      shelf->mark_opened(batch, id);
    } else {
      shelf->quarantine(batch, id, core::Code::kSealBroken);
    }
  }
  if (!inbox->empty()) SATCHEL_TRY(store.commit(batch, core::Durability::synced));
  SATCHEL_TRY_ASSIGN(const bool issued, issue_receipt());
  return issued || !inbox->empty();
}

core::Result<bool> CampaignNode::issue_receipt() {
  if (member.role != core::Role::hub) return false;
  SATCHEL_TRY_ASSIGN(core::HubReach reached, shelf->reached());
  const auto& present = shelf->receipt();
  if (present ? present->logs == reached.logs : reached.logs.empty()) return false;
  core::Receipt out;
  out.campaign = membership.founding().id();
  out.hub = incarnation;
  out.epoch = 1;
  out.version = present ? present->version + 1 : 1;
  out.logs = std::move(reached.logs);
  out.tags = std::move(reached.tags);
  core::sign_receipt(out, identity.sign);
  SATCHEL_TRY_ASSIGN(const bool newer, shelf->set_receipt(out));
  SATCHEL_CHECK(newer);
  SATCHEL_TRY(shelf->flush());
  return true;
}

void CampaignNode::reopen() {
  shelf.reset();
  auto opened = protocol::Shelf::open(store, membership, member.number, member.role, limits);
  SATCHEL_CHECK(opened.has_value());
  shelf = *std::move(opened);
  SATCHEL_CHECK(shelf->flush().has_value());  // as a node does when it starts
}

void CampaignNode::crash() {
  shelf.reset();
  store.crash();
  reopen();
}

Bytes CampaignNode::holding(const BundleId& id) const {
  const auto header = shelf->header(id);
  SATCHEL_CHECK(header.has_value());
  if (!*header) return {};
  Bytes out = (*header)->bytes;
  const auto body = shelf->read_body(id);
  if (body) core::append(out, *body);
  return out;
}

Campaign::Campaign(std::uint64_t seed, const std::vector<Enrolment>& enrolments)
    : rng_(seed),
      hub_identity_(core::make_identity(rng_)),
      recovery_(core::make_box_keys(rng_)),
      founding_(core::make_founding("test", hub_identity_, recovery_.public_key, rng_)),
      group_key_(32) {
  rng_.fill(group_key_);
  nodes_.push_back(make(0, core::Role::hub, "hub", hub_identity_.clone(), hub_identity_.sign));
  std::uint32_t number = 0;
  for (const Enrolment& each : enrolments) {
    nodes_.push_back(make(++number, each.role, std::string{each.name}, core::make_identity(rng_), hub_identity_.sign));
  }
  for (const auto& node : nodes_) {
    for (const auto& other : nodes_) SATCHEL_CHECK(node->membership.add(other->member).has_value());
  }
}

std::unique_ptr<CampaignNode> Campaign::stranger(std::uint32_t number, core::Role role, const core::SignKeys* signer) {
  auto node = make(number, role, "new", core::make_identity(rng_), signer != nullptr ? *signer : hub_identity_.sign);
  for (const auto& other : nodes_) SATCHEL_CHECK(node->membership.add(other->member).has_value());
  return node;
}

std::unique_ptr<CampaignNode> Campaign::make(std::uint32_t number, core::Role role, std::string name, core::Identity identity,
                                             const core::SignKeys& signer) {
  core::Member member = core::make_member(founding_.id(), core::NodeNumber{number}, role, std::move(name),
                                          identity.sign.public_key, identity.box.public_key, signer);
  return std::make_unique<CampaignNode>(std::move(member), std::move(identity), founding_, group_key_, rng_.u64());
}

CampaignNode& Campaign::operator[](std::string_view name) {
  for (const auto& node : nodes_) {
    if (node->member.name == name) return *node;
  }
  SATCHEL_CHECK(false);
  return hub();
}

}  // namespace satchel::tests
