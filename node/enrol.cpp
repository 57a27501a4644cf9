#include "node/enrol.h"

#include <algorithm>

#include "core/crypto/hash.h"
#include "core/crypto/signed_profile.h"
#include "node/arguments.h"
#include "node/desk.h"
#include "node/operations.h"
#include "protocol/card/card.h"

namespace satchel::node {

using core::Bytes;
using core::Code;
using core::Error;
using core::Result;
namespace json = boost::json;

namespace {

constexpr std::size_t kNameMax = 100;
constexpr std::uint64_t kSmallFileMax = 4ULL * 1024 * 1024;

Result<Bytes> read_small(const core::Disk& disk, const std::string& path) { return read_named(disk, path, kSmallFileMax); }

Result<void> write_small(core::Disk& disk, const std::string& path, core::ByteView bytes) {
  if (const auto written = disk.write_atomic(path, bytes); !written) return at_path(written.error(), path);
  return {};
}

/// What two people compare by telephone: "1a2b 3c4d …", 16 bytes of the hash over both public keys.
std::string fingerprint(const core::SignPublic& sign, const core::BoxPublic& box) {
  Bytes keys = core::to_bytes(sign.view());
  core::append(keys, box.view());
  const std::string hex = core::hash("satchel fingerprint", keys).hex().substr(0, 32);
  std::string out;
  for (std::size_t i = 0; i < hex.size(); i += 4) out += (i == 0 ? "" : " ") + hex.substr(i, 4);
  return out;
}

Result<std::string> name_argument(const json::object& arguments) {
  SATCHEL_TRY_ASSIGN(const std::string name, text_argument(arguments, "name"));
  const auto printable = [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F; };
  if (name.size() > kNameMax || !std::ranges::all_of(name, printable)) {
    return Error{Code::kUsage, "a name has at most 100 bytes and no control characters"};
  }
  return name;
}

/// A home that was begun and never joined goes on where it stopped; any other is not touched.
Result<std::unique_ptr<Node>> begin_home(const Surroundings& surroundings, const std::string& home, const Meta::Self& self) {
  if (!surroundings.disk.exists(Home{home}.key_file())) return Node::create(surroundings, home, self);
  SATCHEL_TRY_ASSIGN(auto node, Node::open(surroundings, home));
  if (node->enrolled() || node->self().role != self.role || node->self().name != self.name) return Code::kHomeExists;
  return node;
}

}  // namespace

Result<Answer> init_hub(const Surroundings& surroundings, const std::string& home, const json::object& arguments) {
  SATCHEL_TRY_ASSIGN(const std::string path, text_argument(arguments, "profile"));
  SATCHEL_TRY_ASSIGN(const Bytes toml, read_small(surroundings.disk, path));
  if (toml.size() > core::kProfileMax) return Code::kFileTooLarge;
  SATCHEL_TRY_ASSIGN(const core::Profile profile, core::parse_profile(core::as_text(toml)));
  std::string name = "hub";
  if (!optional_text(arguments, "name").empty()) {
    SATCHEL_TRY_ASSIGN(name, name_argument(arguments));
  }

  SATCHEL_TRY_ASSIGN(const auto node, begin_home(surroundings, home, {core::Role::hub, name}));
  const core::Identity recovery = core::make_identity(surroundings.rng);
  Bytes recovery_file = core::write_key_file(recovery, surroundings.passphrase, surroundings.rng);
  const auto written = surroundings.disk.write_atomic(node->home().recovery_file(), recovery_file, /*secret=*/true);
  core::wipe(recovery_file);
  if (!written) return written.error();

  const core::Identity& hub = node->identity();
  core::Founding founding = core::make_founding(profile.name, hub, recovery.box.public_key, surroundings.rng);
  const core::CampaignId id = founding.id();
  core::Member certificate =
      core::make_member(id, core::kHubNumber, core::Role::hub, name, hub.sign.public_key, hub.box.public_key, hub.sign);
  Meta::Campaign campaign{std::move(founding), core::kHubNumber, core::make_campaign_secrets(surroundings.rng),
                          core::sign_profile(id, 1, toml, hub.sign)};
  SATCHEL_TRY(node->enrol(campaign, {std::move(certificate)}));
  node->log().note("campaign founded");

  core::ByteWriter id_bytes;
  id_bytes.u64_be(id.value);
  Answer answer;
  answer.body["schema"] = "satchel.hub/1";
  answer.body["campaign"] = profile.name;
  answer.body["id"] = core::to_hex(id_bytes.bytes());
  answer.body["name"] = name;
  answer.body["home"] = home;
  answer.body["recovery_key"] = node->home().recovery_file();
  answer.body["fingerprint"] = fingerprint(hub.sign.public_key, hub.box.public_key);
  return answer;
}

Result<Answer> init_site(const Surroundings& surroundings, const std::string& home, const json::object& arguments) {
  SATCHEL_TRY_ASSIGN(const std::string name, name_argument(arguments));
  SATCHEL_TRY_ASSIGN(const std::string out, text_argument(arguments, "out"));
  const core::Role role = flag(arguments, "relay") ? core::Role::relay : core::Role::site;
  SATCHEL_TRY_ASSIGN(const auto node, begin_home(surroundings, home, {role, name}));
  const core::Identity& identity = node->identity();
  SATCHEL_TRY(write_small(surroundings.disk, out, protocol::encode_request(role, name, identity)));
  Answer answer;
  answer.body["schema"] = "satchel.request/1";
  answer.body["name"] = name;
  answer.body["role"] = core::role_name(role);
  answer.body["request"] = out;
  answer.body["fingerprint"] = fingerprint(identity.sign.public_key, identity.box.public_key);
  return answer;
}

Result<Answer> enroll(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  SATCHEL_TRY_ASSIGN(const std::string path, text_argument(arguments, "request"));
  SATCHEL_TRY_ASSIGN(const std::string out, text_argument(arguments, "out"));
  const Surroundings& surroundings = node.surroundings();
  SATCHEL_TRY_ASSIGN(const Bytes file, read_small(surroundings.disk, path));
  SATCHEL_TRY_ASSIGN(const protocol::Request request, protocol::decode_request(file));

  core::NodeNumber number{1};
  std::optional<core::Member> member;
  std::vector<core::NodeNumber> heir_of;
  for (const core::Member& known : all->membership->all()) {
    if (known.sign == request.sign && known.box == request.box) {
      member = known;
    } else if (known.name == request.name) {
      if (!all->membership->revoked(known.number)) return Code::kNameTaken;
      heir_of.push_back(known.number);
    }
    number = std::max(number, core::NodeNumber{known.number.value + 1});
  }
  if (member && all->membership->revoked(member->number)) return Code::kRevoked;
  std::size_t inherited = 0;
  if (!member) {
    member = core::make_member(all->campaign.founding.id(), number, request.role, request.name, request.sign, request.box,
                               node.identity().sign);
    Ledger::Turn turn = all->ledger->turn();
    SATCHEL_TRY(turn.state(core::kEveryone, core::Lane::control, core::MemberFact{core::encode(*member)}));
    SATCHEL_TRY(turn.commit());
    node.log().note("enrolled node " + std::to_string(member->number.value));
    SATCHEL_TRY_ASSIGN(inherited, hand_over_students(node, *all, heir_of, member->number));
  }
  std::vector<core::Member> others;
  for (const core::Member& known : all->membership->all()) {
    if (known.number != core::kHubNumber && known.number != member->number) others.push_back(known);
  }
  const protocol::Card card{all->campaign.founding, all->certificate,      *member,
                            std::move(others),      all->campaign.profile, all->campaign.secrets.clone()};
  SATCHEL_TRY_ASSIGN(const Bytes sealed, protocol::seal_card(card, node.identity(), member->box, surroundings.rng));
  SATCHEL_TRY(write_small(surroundings.disk, out, sealed));

  Answer answer;
  answer.body["schema"] = "satchel.enroll/1";
  answer.body["name"] = member->name;
  answer.body["number"] = member->number.value;
  answer.body["role"] = core::role_name(member->role);
  answer.body["card"] = out;
  answer.body["students"] = inherited;
  answer.body["fingerprint"] = fingerprint(member->sign, member->box);
  return answer;
}

Result<Answer> join(const Surroundings& surroundings, const std::string& home, const json::object& arguments) {
  SATCHEL_TRY_ASSIGN(const std::string path, text_argument(arguments, "card"));
  SATCHEL_TRY_ASSIGN(const auto node, Node::open(surroundings, home));
  if (node->enrolled()) return Code::kAlreadyEnrolled;
  SATCHEL_TRY_ASSIGN(const Bytes file, read_small(surroundings.disk, path));
  SATCHEL_TRY_ASSIGN(protocol::Card card, protocol::open_card(file, node->identity()));
  std::vector<core::Member> members = card.others;
  members.push_back(card.hub);
  members.push_back(card.member);
  const core::Member own = card.member;
  const std::string name = card.founding.name;
  const Meta::Campaign campaign{std::move(card.founding), own.number, std::move(card.secrets), std::move(card.profile)};
  SATCHEL_TRY(node->enrol(campaign, members));
  node->log().note("joined as node " + std::to_string(own.number.value));
  Answer answer;
  answer.body["schema"] = "satchel.join/1";
  answer.body["campaign"] = name;
  answer.body["number"] = own.number.value;
  answer.body["name"] = own.name;
  answer.body["role"] = core::role_name(own.role);
  return answer;
}

}  // namespace satchel::node
