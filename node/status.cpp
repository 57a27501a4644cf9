#include "node/status.h"

#include <array>
#include <boost/json/array.hpp>
#include <map>

#include "core/campaign/reasons.h"
#include "core/code/mask.h"
#include "node/anchors.h"
#include "node/arguments.h"
#include "node/tally.h"

namespace satchel::node {

using core::Code;
using core::Error;
using core::Result;
namespace json = boost::json;

namespace {

struct Funnel {
  std::uint64_t eligible = 0;
  std::uint64_t drafted = 0;
  std::uint64_t submitted = 0;
  std::uint64_t stored = 0;
  std::uint64_t opened = 0;
  std::uint64_t approved = 0;
  std::uint64_t rejected = 0;
  std::uint64_t exported = 0;

  /// As add() for all that the tally counts; of what may be proven all but the unproven is taken as proven.
  void add(const Tally& tally) {
    tally.each([&](const Digest& like, std::uint64_t count, bool may_be_proven) {
      if (!like.eligible()) return;
      eligible += count;
      drafted += like.drafted || like.submitted ? count : 0;
      submitted += like.submitted ? count : 0;
      stored += may_be_proven ? count : 0;
      opened += may_be_proven ? count : 0;
      approved += like.approved() ? count : 0;
      rejected += like.rejected() ? count : 0;
      exported += core::exported_or_after(like.stage) ? count : 0;
    });
  }
  void correct(const Unproven& open) {
    stored -= std::min(stored, open.students - open.stored);
    opened -= std::min(opened, open.students - open.opened);
  }

  void add(const Digest& digest, const std::optional<core::Receipt>& receipt) {
    if (!digest.eligible()) return;
    ++eligible;
    drafted += digest.drafted || digest.submitted ? 1U : 0U;
    submitted += digest.submitted ? 1U : 0U;
    stored += digest.stored_at_hub(receipt) ? 1U : 0U;
    opened += digest.opened_at_hub(receipt) ? 1U : 0U;
    approved += digest.approved() ? 1U : 0U;
    rejected += digest.rejected() ? 1U : 0U;
    exported += core::exported_or_after(digest.stage) ? 1U : 0U;
  }

  json::object document() const {
    json::object out;
    out["eligible"] = eligible;
    out["drafted"] = drafted;
    out["submitted"] = submitted;
    out["stored_at_hub"] = stored;
    out["opened_at_hub"] = opened;
    out["approved"] = approved;
    out["rejected"] = rejected;
    out["exported"] = exported;
    return out;
  }
};

json::object tally_document(const protocol::Tally& tally) {
  json::object out;
  out["bundles"] = tally.bundles;
  out["bytes"] = tally.bytes;
  return out;
}

json::object lanes_document(const protocol::LaneTally& lanes) {
  json::object out;
  for (const core::Lane lane : core::kLanes) out[core::lane_name(lane)] = tally_document(lanes[core::lane_index(lane)]);
  return out;
}

json::object student_document(const core::StudentState& state, const Digest& digest, const core::Profile& profile,
                              const core::Moment& now, const std::optional<core::Receipt>& receipt) {
  json::object out;
  out["expired"] = core::expired(state, profile, now.wall);
  out["must_retake"] = state.roster && state.roster->must_retake;
  if (const auto lock = core::locked(state, profile, now)) out["lock"] = lock_document(*lock);
  out["student"] = state.student.text();
  out["name"] = state.roster ? core::mask_name(state.roster->name) : std::string();
  out["site"] = state.roster ? state.roster->site_name : std::string();
  out["class"] = digest.class_name;
  out["stage"] = core::stage_name(state.stage);
  out["last_term"] = digest.last_term;
  out["attempts"] = state.attempts_total();
  out["drafts"] = core::usable_drafts(state).size();
  out["submitted"] = digest.submitted;
  out["stored_at_hub"] = digest.stored_at_hub(receipt);
  out["opened_at_hub"] = digest.opened_at_hub(receipt);
  out["approved"] = digest.approved();
  out["rejected"] = digest.rejected();
  if (const core::UnlockSeen* unlock = core::open_by_unlock(state)) {
    out["unlocked"] = true;
    out["note"] = unlock->fact.note;
    return out;
  }
  if (const core::VerdictSeen* verdict = core::current_verdict(state); verdict != nullptr && !verdict->fact.approved) {
    out["reason"] = verdict->fact.reason;
    out["note"] = verdict->fact.note;
    if (const core::RejectReason* reason = core::reject_reason(verdict->fact.reason)) {
      out["reason_zh"] = reason->zh;
      out["reason_en"] = reason->en;
      out["cure_zh"] = reason->cure_zh;
      out["cure_en"] = reason->cure_en;
    }
  }
  return out;
}

Result<json::value> receipt_document(Node& node, const std::optional<core::Receipt>& receipt) {
  if (!receipt) return json::value();
  SATCHEL_TRY_ASSIGN(const auto at, Meta{node.store()}.receipt_time());
  json::object out;
  out["epoch"] = receipt->epoch;
  out["version"] = receipt->version;
  out["received"] = at ? json::value(core::to_iso8601(*at)) : json::value();
  return json::value(std::move(out));
}

json::array site_documents(const Enrolled& all, const std::map<core::NodeNumber, Funnel>& by_site) {
  json::array out;
  for (const core::Member& member : all.membership->all()) {
    if (member.role != core::Role::site) continue;
    const auto found = by_site.find(member.number);
    json::object line = (found != by_site.end() ? found->second : Funnel{}).document();
    line["name"] = member.name;
    line["number"] = member.number.value;
    line["revoked"] = all.membership->revoked(member.number);
    out.push_back(std::move(line));
  }
  return out;
}

/// The students that a filter wants, as a list of their own.
struct Filter {
  std::optional<core::StudentRef> student;
  std::optional<core::NodeNumber> site;
  std::string class_name;
  bool any() const { return student || site || !class_name.empty(); }
  bool wants(core::StudentRef ref, const Digest& digest) const {
    return (!student || *student == ref) && (!site || *site == digest.site) &&
           (class_name.empty() || class_name == digest.class_name);
  }
};

Result<Filter> read_filter(const Enrolled& all, const json::object& arguments) {
  Filter filter;
  if (!optional_text(arguments, "student").empty()) {
    SATCHEL_TRY_ASSIGN(filter.student, student_argument(arguments, "student"));
  }
  if (const std::string site = optional_text(arguments, "site"); !site.empty()) {
    const auto member = all.membership->find_name(site);
    if (!member) return Error{Code::kSiteUnknown, {}};
    filter.site = member->number;
  }
  filter.class_name = optional_text(arguments, "class");
  return filter;
}

/// Calls `take` for the students that the filter may want: of one class or site without reading the others.
Result<void> each_candidate(const core::Store& store, const Filter& filter,
                            const std::function<void(core::StudentRef, const Digest&)>& take) {
  std::vector<core::StudentRef> students;
  SATCHEL_TRY_ASSIGN(const bool kept, tallies_kept(store));
  if (filter.student) {
    students.push_back(*filter.student);
  } else if (!filter.any() || !kept) {
    return each_digest(store, take);
  } else if (!filter.class_name.empty()) {
    SATCHEL_TRY_ASSIGN(students, students_of_class(store, filter.class_name));
  } else {
    SATCHEL_TRY_ASSIGN(students, students_of_site(store, *filter.site));
  }
  for (const core::StudentRef student : students) {
    const auto digest = find_digest(store, student);
    if (digest) {
      take(student, *digest);
    } else if (digest.error().code != Code::kStudentUnknown) {
      return digest.error();
    }
  }
  return {};
}

/// False when the counts are not kept, or the receipt says less than they take as proven: then all is walked over.
Result<bool> count_by_tally(const core::Store& store, const std::optional<core::Receipt>& receipt, Funnel& total,
                            std::map<core::NodeNumber, Funnel>& by_site) {
  SATCHEL_TRY_ASSIGN(const bool kept, tallies_kept(store));
  if (!kept) return false;
  SATCHEL_TRY_ASSIGN(const auto open, unproven(store, receipt));
  if (!open) return false;
  SATCHEL_TRY(each_site_tally(store, [&](core::NodeNumber site, const Tally& tally) {
    by_site[site].add(tally);
    total.add(tally);
  }));
  for (const auto& [site, rest] : *open) {
    by_site[site].correct(rest);
    total.correct(rest);
  }
  return true;
}

}  // namespace

Result<Answer> status(Node& node, const json::object& arguments, const Progress&) {
  Answer answer;
  json::object about;
  about["role"] = core::role_name(node.self().role);
  about["name"] = node.self().name;
  about["id"] = node.identity().sign.public_key.hex().substr(0, 16);
  answer.body["schema"] = "satchel.status/1";

  const auto enrolled = node.enrolled();
  if (!enrolled) {
    about["enrolled"] = false;
    answer.body["node"] = std::move(about);
    answer.body["students"] = Funnel{}.document();
    answer.body["waiting"] = lanes_document({});
    answer.body["carrying"] = tally_document({});
    answer.body["last_receipt"] = json::value();
    return answer;
  }
  const Enrolled& all = **enrolled;
  about["enrolled"] = true;
  about["revoked"] = all.membership->revoked(all.campaign.number);
  about["number"] = all.campaign.number.value;
  about["campaign"] = all.campaign.founding.name;
  SATCHEL_TRY_ASSIGN(const Filter filter, read_filter(all, arguments));

  const std::optional<core::Receipt> receipt = all.shelf->proven_receipt();
  Funnel funnel;
  std::map<core::NodeNumber, Funnel> by_site;
  std::vector<std::pair<core::StudentRef, Digest>> listed;
  SATCHEL_TRY_ASSIGN(const bool counted,
                     !filter.any() ? count_by_tally(node.store(), receipt, funnel, by_site) : Result<bool>{false});
  const auto take = [&](core::StudentRef ref, const Digest& digest) {
    if (!filter.wants(ref, digest)) return;
    funnel.add(digest, receipt);
    if (all.hub()) by_site[digest.site].add(digest, receipt);
    if (filter.any()) listed.emplace_back(ref, digest);
  };
  if (!counted) SATCHEL_TRY(each_candidate(node.store(), filter, take));
  if (!all.hub()) by_site.clear();
  if (filter.student && listed.empty()) return Code::kStudentUnknown;

  SATCHEL_TRY_ASSIGN(const protocol::LaneTally waiting, all.shelf->waiting());
  protocol::Tally carrying;
  for (const protocol::Tally& lane : all.shelf->carried()) {
    carrying.bundles += lane.bundles;
    carrying.bytes += lane.bytes;
  }
  SATCHEL_TRY_ASSIGN(json::value last_receipt, receipt_document(node, receipt));
  SATCHEL_TRY_ASSIGN(const auto aside, all.shelf->quarantined());
  answer.body["node"] = std::move(about);
  answer.body["students"] = funnel.document();
  answer.body["waiting"] = lanes_document(waiting);
  answer.body["carrying"] = tally_document(carrying);
  answer.body["quarantined"] = aside.size();
  SATCHEL_TRY_ASSIGN(const auto twice, all.shelf->equivocations());
  json::array doubled;
  for (const protocol::Equivocation& one : twice) {
    const auto member = all.membership->find(one.id.log.author.node);
    doubled.push_back(json::object{{"node", one.id.log.author.node.value},
                                   {"name", member ? member->name : std::string()},
                                   {"lane", core::lane_name(one.id.log.lane)},
                                   {"seq", one.id.seq.value}});
  }
  answer.body["written_twice"] = std::move(doubled);
  if (const auto& outrun = all.shelf->outrun()) {
    answer.body["set_back"] = json::object{{"epoch", outrun->epoch}, {"version", outrun->version}};
  }
  answer.body["last_receipt"] = std::move(last_receipt);
  if (all.hub()) answer.body["sites"] = site_documents(all, by_site);
  if (filter.any()) {
    json::array list;
    for (const auto& [ref, digest] : listed) {
      SATCHEL_TRY_ASSIGN(const auto state, all.ledger->student(ref));
      if (!state) continue;
      json::object document = student_document(*state, digest, all.profile, node.surroundings().clock.moment(), receipt);
      if (const core::CaptureSeen* capture = core::current_capture(*state); capture != nullptr && all.hub()) {
        SATCHEL_TRY_ASSIGN(const WhenTaken taken, when_taken(node.store(), *state, all.profile, *capture));
        tell_taken(document, *capture, taken);
      }
      list.push_back(std::move(document));
    }
    answer.body["list"] = std::move(list);
  }
  return answer;
}

Result<Answer> verify_all(Node& node, const json::object&, const Progress& progress) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.enrolled());
  json::array faults;
  const auto fault = [&](const std::string& where, const Error& error) {
    json::object item = error_item(error);
    item["where"] = where;
    faults.push_back(std::move(item));
  };
  SATCHEL_TRY_ASSIGN(const auto salvaged, Meta{node.store()}.salvaged());
  if (salvaged || node.store().salvaged()) {
    const std::string when = salvaged ? core::to_iso8601(*salvaged) : "this opening";
    fault("database log", Error{Code::kStoreDamaged, "damage amid what had been saved was found: " + when});
  }
  if (progress) progress(json::object{{"phase", "bundles"}});
  SATCHEL_TRY_ASSIGN(const auto bundles, all->shelf->verify([&](const core::BundleId& id, const Error& error) {
    fault("bundle " + std::to_string(id.seq.value) + " of node " + std::to_string(id.log.author.node.value) + ", lane " +
              std::string(core::lane_name(id.log.lane)),
          error);
  }));
  if (progress) progress(json::object{{"phase", "records"}});
  SATCHEL_TRY_ASSIGN(const auto records, all->ledger->verify(fault));
  if (progress) progress(json::object{{"phase", "blobs"}});
  SATCHEL_TRY_ASSIGN(const std::size_t blobs, all->ledger->blobs().verify([&](const core::Hash& hash, const Error& error) {
    fault("blob " + hash.hex().substr(0, 16), error);
  }));
  Answer answer;
  answer.body["schema"] = "satchel.verify/1";
  answer.body["bundles"] = bundles.bundles;
  answer.body["records"] = records.records;
  answer.body["unreadable"] = records.unreadable;
  answer.body["blobs"] = blobs;
  if (!faults.empty()) answer.exit = core::Exit::integrity;
  answer.body["faults"] = std::move(faults);
  return answer;
}

}  // namespace satchel::node
