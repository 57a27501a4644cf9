// What was set aside waits here for a person.
#include <boost/json/array.hpp>

#include "node/arguments.h"
#include "node/trust.h"
#include "protocol/body/body.h"
#include "protocol/bundle/payload.h"

namespace satchel::node {

using core::Code;
using core::Error;
using core::Result;
namespace json = boost::json;

namespace {

struct FactWords {
  json::object about(const char* kind, core::StudentRef student) const {
    return json::object{{"kind", kind}, {"student", student.text()}};
  }
  json::object operator()(const core::CaptureFact& fact) const {
    json::object out = about("capture", fact.student);
    out["grade"] = core::grade_name(fact.grade);
    out["taken"] = core::to_iso8601(fact.taken.wall);
    return out;
  }
  json::object operator()(const core::SubmissionFact& fact) const {
    json::object out = about("submission", fact.student);
    out["submitted"] = core::to_iso8601(fact.submitted.wall);
    return out;
  }
  json::object operator()(const core::RosterFact& fact) const { return about("roster", fact.student); }
  json::object operator()(const core::VerdictFact& fact) const { return about("verdict", fact.student); }
  json::object operator()(const core::UnlockFact& fact) const { return about("unlock", fact.student); }
  json::object operator()(const core::ExportFact& fact) const { return about("export", fact.student); }
  json::object operator()(const core::DiscardFact& fact) const { return about("discard", fact.student); }
  json::object operator()(const core::WithdrawalFact& fact) const { return about("withdrawal", fact.student); }
  json::object operator()(const core::ResolutionFact& fact) const { return about("resolution", fact.student); }
  json::object operator()(const core::SecondLookFact& fact) const { return about("second_look", fact.student); }
  json::object operator()(const core::NationalFact& fact) const { return about("national", fact.student); }
  json::object operator()(const core::CaseFact& fact) const { return about("case", fact.student); }
  json::object operator()(const core::ProofFact& fact) const { return about("proof", fact.student); }
  json::object operator()(const core::ErrataFact& fact) const { return about("errata", fact.student); }
  json::object operator()(const core::DeliveryFact& fact) const { return about("delivery", fact.student); }
  json::object operator()(const core::PurgeFact& fact) const { return about("purge", fact.student); }
  json::object operator()(const core::PurgedFact& fact) const { return about("purged", fact.student); }
  json::object operator()(const core::CodeRevocationFact& fact) const { return about("code_revocation", fact.student); }
  json::object operator()(const core::ForeignCodeFact& fact) const { return about("foreign_code", fact.student); }
  json::object operator()(const core::ForeignAnswerFact& fact) const { return about("foreign_answer", fact.student); }
  json::object operator()(const core::IndexFact&) const { return json::object{{"kind", "index"}}; }
  json::object operator()(const core::TimetableFact&) const { return json::object{{"kind", "timetable"}}; }
  json::object operator()(const core::MemberFact&) const { return json::object{{"kind", "member"}}; }
  json::object operator()(const core::ProfileFact&) const { return json::object{{"kind", "profile"}}; }
  json::object operator()(const core::RevocationFact&) const { return json::object{{"kind", "revocation"}}; }
};

/// Things listed of one bundle; a person decides on bundles, not on rows.
constexpr std::size_t kSaysListed = 20;

json::array says(const protocol::Payload& payload) {
  json::array out;
  for (const core::Run& run : payload.runs) {
    for (const core::Bytes& body : run.bodies) {
      if (out.size() >= kSaysListed) return out;
      const auto fact = protocol::decode_fact(body);
      out.push_back(fact ? std::visit(FactWords{}, *fact) : json::object{{"kind", "unreadable"}});
    }
  }
  for (const protocol::WireBlob& blob : payload.blobs) {
    if (out.size() >= kSaysListed) return out;
    out.push_back(json::object{{"kind", "picture"}, {"bytes", blob.bytes.size()}});
  }
  return out;
}

}  // namespace

Result<Answer> list_quarantine(Node& node, const json::object&, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.enrolled());
  SATCHEL_TRY_ASSIGN(const auto aside, all->shelf->quarantined());
  json::array bundles;
  for (const protocol::Quarantined& one : aside) {
    SATCHEL_TRY_ASSIGN(const auto header, all->shelf->header(one.id));
    const auto member = all->membership->find(one.id.log.author.node);
    json::object line;
    line["id"] = header ? short_id(header->root) : std::string();
    line["node"] = one.id.log.author.node.value;
    line["name"] = member ? member->name : std::string();
    line["lane"] = core::lane_name(one.id.log.lane);
    line["seq"] = one.id.seq.value;
    line["error"] = error_item(Error{one.code, {}});
    const auto opened = all->ledger->look_into(one.id);
    line["says"] = opened ? says(*opened) : json::array();
    bundles.push_back(std::move(line));
  }
  Answer answer;
  answer.body["schema"] = "satchel.quarantine/1";
  answer.body["bundles"] = std::move(bundles);
  if (aside.empty()) answer.exit = core::Exit::nothing_to_do;
  return answer;
}

Result<Answer> release_quarantine(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.enrolled());
  SATCHEL_TRY_ASSIGN(const auto wanted, list_argument(arguments, "bundles"));
  SATCHEL_TRY_ASSIGN(const auto aside, all->shelf->quarantined());
  std::vector<core::BundleId> chosen;
  for (const std::string& name : wanted) {
    bool found = false;
    for (const protocol::Quarantined& one : aside) {
      SATCHEL_TRY_ASSIGN(const auto header, all->shelf->header(one.id));
      const auto member = all->membership->find(one.id.log.author.node);
      const bool named = header && short_id(header->root) == name;
      if (!named && !(member && member->name == name)) continue;  // a site's name stands for all of it
      chosen.push_back(one.id);
      found = true;
    }
    if (!found) return Error{Code::kUsage, "no such id in quarantine list: " + name};
  }
  core::WriteBatch batch;
  for (const core::BundleId& id : chosen) SATCHEL_TRY(all->shelf->release(batch, id));
  SATCHEL_TRY(node.store().commit(batch, core::Durability::synced));
  SATCHEL_TRY_ASSIGN(const Ledger::Opened opened, all->ledger->open_inbox());
  node.log().note("released " + std::to_string(chosen.size()) + " bundles from quarantine");
  Answer answer;
  answer.body["schema"] = "satchel.release/1";
  answer.body["released"] = chosen.size() - std::min(chosen.size(), opened.quarantined);
  answer.body["set_aside_again"] = opened.quarantined;
  if (opened.quarantined > 0) answer.exit = core::Exit::partial;
  return answer;
}

}  // namespace satchel::node
