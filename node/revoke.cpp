// The hub's word that a node is trusted no longer, at a position and not at a time: a stolen key also signs any date.
#include <algorithm>
#include <charconv>

#include "node/arguments.h"
#include "node/trust.h"
#include "protocol/body/body.h"

namespace satchel::node {

using core::Code;
using core::Error;
using core::LogId;
using core::Result;
using core::Seq;
namespace json = boost::json;

namespace {

/// Digits by which a life is named: as many as tell a few random ones apart.
constexpr std::size_t kLifeDigits = 8;

std::string life_name(core::Incarnation life) {
  core::ByteWriter out;
  out.u64_be(life.value);
  return core::to_hex(out.bytes()).substr(0, kLifeDigits);
}

Error bad_position(const std::string& text) {
  return {Code::kUsage, "last trusted position: " + text + " (now, none, LANE:SEQ, or LIFE/LANE:SEQ)"};
}

using Reach = std::map<LogId, Seq>;

/// How far we hold each of the node's logs.
Reach reach_of(const protocol::Shelf& shelf, core::NodeNumber node) {
  Reach out;
  const core::Frontier held = shelf.frontier();
  for (const auto& [log, seq] : held.entries()) {
    if (log.author.node == node) out[log] = seq;
  }
  return out;
}

/// "record:12", or "1a2b3c4d/record:12" where the node has had several lives.
Result<std::pair<LogId, Seq>> read_position(const std::string& text, const Reach& held) {
  const std::size_t slash = text.find('/');
  const std::string life = slash == std::string::npos ? std::string() : text.substr(0, slash);
  const std::string place = slash == std::string::npos ? text : text.substr(slash + 1);
  const std::size_t colon = place.find(':');
  if (colon == std::string::npos) return bad_position(text);
  const std::string digits = place.substr(colon + 1);
  Seq seq;
  const auto [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), seq.value);
  if (wrong != std::errc{} || end != digits.data() + digits.size()) return bad_position(text);
  std::vector<LogId> fitting;
  for (const auto& [log, reached] : held) {
    const bool this_life = life.empty() || life_name(log.author.incarnation) == life;
    if (this_life && core::lane_name(log.lane) == place.substr(0, colon)) fitting.push_back(log);
  }
  if (fitting.size() != 1) return bad_position(text);
  return std::pair{fitting.front(), std::min(seq, held.at(fitting.front()))};
}

Result<Reach> read_positions(const json::object& arguments, const Reach& held) {
  std::vector<std::string> given;
  if (arguments.contains("last_trusted")) {
    SATCHEL_TRY_ASSIGN(given, list_argument(arguments, "last_trusted"));
  }
  if (given.empty() || (given.size() == 1 && given.front() == "now")) return held;
  if (given.size() == 1 && given.front() == "none") return Reach{};
  Reach out;
  for (const std::string& text : given) {
    SATCHEL_TRY_ASSIGN(const auto position, read_position(text, held));
    out[position.first] = position.second;
  }
  return out;
}

}  // namespace

Result<Answer> revoke(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  SATCHEL_TRY_ASSIGN(const std::string name, text_argument(arguments, "site"));
  SATCHEL_TRY_ASSIGN(const std::string reason, why_argument(arguments, "reason"));
  const auto member = all->membership->find_name(name);
  if (!member) return Code::kSiteUnknown;
  if (member->role == core::Role::hub) return Error{Code::kUsage, "the hub cannot revoke itself"};

  const Reach held = reach_of(*all->shelf, member->number);
  SATCHEL_TRY_ASSIGN(const Reach trusted, read_positions(arguments, held));
  core::RevocationFact fact;
  fact.revocation.number = member->number;
  fact.reason = reason;
  for (const auto& [log, seq] : trusted) {
    if (seq.value > 0) fact.revocation.positions.push_back({log, seq});
  }
  Ledger::Turn turn = all->ledger->turn();
  SATCHEL_TRY(turn.state(core::kEveryone, core::Lane::control, fact));
  SATCHEL_TRY(turn.commit());
  SATCHEL_TRY_ASSIGN(const std::size_t aside, all->ledger->set_aside_untrusted());
  SATCHEL_TRY(all->ledger->issue_receipt());
  node.log().note("revoked node " + std::to_string(member->number.value));

  json::array positions;
  for (const auto& [log, seq] : held) {
    const auto last = trusted.find(log);
    positions.push_back(json::object{{"life", life_name(log.author.incarnation)},
                                     {"lane", core::lane_name(log.lane)},
                                     {"held", seq.value},
                                     {"last_trusted", last == trusted.end() ? 0 : last->second.value}});
  }
  Answer answer;
  answer.body["schema"] = "satchel.revoke/1";
  answer.body["name"] = member->name;
  answer.body["number"] = member->number.value;
  answer.body["positions"] = std::move(positions);
  answer.body["set_aside"] = aside;
  return answer;
}

}  // namespace satchel::node
