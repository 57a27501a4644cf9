#include "node/reports.h"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <map>
#include <tuple>

#include "core/campaign/natural_order.h"
#include "core/campaign/windows.h"
#include "core/code/mask.h"
#include "node/arguments.h"
#include "node/desk.h"
#include "node/tally.h"

namespace satchel::node {

using core::Code;
using core::Error;
using core::Result;
namespace json = boost::json;

namespace {

constexpr std::int64_t kDayMs = 86'400'000;

constexpr std::array kStages{core::Stage::eligible, core::Stage::captured,  core::Stage::drafted,  core::Stage::submitted,
                             core::Stage::rejected, core::Stage::approved,  core::Stage::exported, core::Stage::exempt,
                             core::Stage::proofed,  core::Stage::delivered, core::Stage::purged};

struct Counts {
  std::map<core::Stage, std::size_t> by_stage;
  std::size_t students = 0;
  std::size_t missing = 0;
  std::size_t last_term_missing = 0;

  void add(const Tally& tally) {
    tally.each([&](const Digest& like, std::uint64_t count, bool) { add(like, static_cast<std::size_t>(count)); });
  }
  void add(const Digest& digest, std::size_t count = 1) {
    if (digest.stage == core::Stage::delisted || digest.stage == core::Stage::unknown) return;
    students += count;
    by_stage[digest.stage] += count;
    if (!core::lacks_picture(digest.stage)) return;
    missing += count;
    last_term_missing += digest.last_term ? count : 0U;
  }
  json::object document() const {
    json::object out{{"students", students}, {"missing", missing}, {"last_term_missing", last_term_missing}};
    // Exempt students are covered: nobody waits for them.
    out["covered"] = students == 0 ? 1.0 : static_cast<double>(students - missing) / static_cast<double>(students);
    json::object stages;
    for (const core::Stage stage : kStages) {
      const auto found = by_stage.find(stage);
      stages[core::stage_name(stage)] = found == by_stage.end() ? 0 : found->second;
    }
    out["stages"] = std::move(stages);
    return out;
  }
};

std::string site_name(const Enrolled& all, core::NodeNumber number) {
  const auto member = all.membership->find(number);
  return member ? member->name : std::string();
}

/// How old a site's news is; nothing for the node itself, null for a site of which nothing ever came.
Result<json::value> news_age(Node& node, const Enrolled& all, core::NodeNumber site) {
  if (site == all.campaign.number) return json::value(0);
  SATCHEL_TRY_ASSIGN(const auto heard, Meta{node.store()}.heard(site));
  if (!heard) return json::value();
  const std::int64_t age = node.surroundings().clock.wall().value - heard->value;
  return json::value(std::max<std::int64_t>(0, age / 1000));
}

struct Filter {
  std::optional<core::NodeNumber> site;
  std::string class_name;
  bool wants(const Digest& digest) const {
    return (!site || *site == digest.site) && (class_name.empty() || class_name == digest.class_name);
  }
};

Result<Filter> read_filter(const Enrolled& all, const json::object& arguments) {
  Filter out;
  if (const std::string site = optional_text(arguments, "site"); !site.empty()) {
    const auto member = all.membership->find_name(site);
    if (!member) return Code::kSiteUnknown;
    out.site = member->number;
  }
  out.class_name = optional_text(arguments, "class");
  return out;
}

/// Of a student without a picture, what a list shows.
struct MissingOne {
  core::StudentState state;
  std::int64_t left_ms = 0;  ///< until the site's last window ends
  bool limited = false;
};

Result<std::vector<MissingOne>> missing_students(Node& node, const Enrolled& all, const Filter& filter, bool last_term_only) {
  std::vector<core::StudentRef> refs;
  SATCHEL_TRY(each_digest(node.store(), [&](core::StudentRef ref, const Digest& digest) {
    const bool wanted = core::lacks_picture(digest.stage) && filter.wants(digest) && (!last_term_only || digest.last_term);
    if (wanted) refs.push_back(ref);
  }));
  const core::WallMs now = node.surroundings().clock.wall();
  std::vector<MissingOne> out;
  for (const core::StudentRef ref : refs) {
    SATCHEL_TRY_ASSIGN(auto state, all.ledger->student(ref));
    if (!state || !state->roster) continue;
    MissingOne one;
    if (const auto end = core::last_end(all.profile, state->roster->site_name)) {
      one.left_ms = end->value - now.value;
      one.limited = true;
    }
    one.state = *std::move(state);
    out.push_back(std::move(one));
  }
  std::ranges::sort(out, [](const MissingOne& a, const MissingOne& b) {
    const core::RosterFact& left = *a.state.roster;
    const core::RosterFact& right = *b.state.roster;
    if (left.last_term != right.last_term) return left.last_term;
    if (left.site_name != right.site_name) return core::natural_compare(left.site_name, right.site_name) < 0;
    if (left.class_name != right.class_name) return core::natural_compare(left.class_name, right.class_name) < 0;
    return core::natural_compare(left.student_number, right.student_number) < 0;
  });
  return out;
}

json::object missing_document(const MissingOne& one) {
  const core::RosterFact& row = *one.state.roster;
  json::object out{{"student", one.state.student.text()},
                   {"name", core::mask_name(row.name)},
                   {"site", row.site_name},
                   {"class", row.class_name},
                   {"stage", core::stage_name(one.state.stage)},
                   {"last_term", row.last_term},
                   {"must_retake", row.must_retake}};
  if (one.limited) out["days_left"] = one.left_ms < 0 ? -1 : one.left_ms / kDayMs;
  return out;
}

}  // namespace

Result<Answer> report_coverage(Node& node, const json::object&, const Progress&) {
  SATCHEL_TRY_ASSIGN(const Enrolled* const all, node.enrolled());
  Counts total;
  std::map<core::NodeNumber, Counts> sites;
  std::map<std::string, Counts, core::NaturalLess> classes;
  if (all->hub()) {
    for (const core::Member& member : all->membership->all()) {
      if (member.role == core::Role::site) sites[member.number];
    }
  }
  SATCHEL_TRY_ASSIGN(const bool kept, tallies_kept(node.store()));
  if (kept) {
    SATCHEL_TRY(each_site_tally(node.store(), [&](core::NodeNumber site, const Tally& tally) {
      total.add(tally);
      sites[site].add(tally);
    }));
    SATCHEL_TRY(each_class_tally(node.store(), [&](const std::string& name, const Tally& tally) { classes[name].add(tally); }));
  } else {
    SATCHEL_TRY(each_digest(node.store(), [&](core::StudentRef, const Digest& digest) {
      total.add(digest);
      sites[digest.site].add(digest);
      classes[digest.class_name].add(digest);
    }));
  }
  json::array site_lines;
  for (const auto& [number, counts] : sites) {
    if (counts.students == 0 && number == core::kHubNumber) continue;
    json::object line = counts.document();
    line["site"] = site_name(*all, number);
    line["revoked"] = all->membership->revoked(number);
    SATCHEL_TRY_ASSIGN(line["news_age_s"], news_age(node, *all, number));
    site_lines.push_back(std::move(line));
  }
  json::array class_lines;
  for (const auto& [name, counts] : classes) {
    if (counts.students == 0) continue;
    json::object line = counts.document();
    line["class"] = name;
    class_lines.push_back(std::move(line));
  }
  Answer answer;
  answer.body["schema"] = "satchel.coverage/1";
  answer.body["total"] = total.document();
  answer.body["sites"] = std::move(site_lines);
  answer.body["classes"] = std::move(class_lines);
  return answer;
}

Result<Answer> report_missing(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(const Enrolled* const all, node.enrolled());
  SATCHEL_TRY_ASSIGN(const Filter filter, read_filter(*all, arguments));
  SATCHEL_TRY_ASSIGN(const auto missing, missing_students(node, *all, filter, false));
  json::array list;
  for (const MissingOne& one : missing) list.push_back(missing_document(one));
  Answer answer;
  answer.body["schema"] = "satchel.missing/1";
  answer.body["missing"] = std::move(list);
  return answer;
}

Result<Answer> report_risk(Node& node, const json::object&, const Progress&) {
  SATCHEL_TRY_ASSIGN(const Enrolled* const all, node.enrolled());
  std::map<core::NodeNumber, Counts> counted;
  SATCHEL_TRY(each_digest(node.store(), [&](core::StudentRef, const Digest& digest) { counted[digest.site].add(digest); }));
  const core::WallMs now = node.surroundings().clock.wall();
  struct Line {
    const Counts* counts;
    core::NodeNumber site;
    std::optional<std::int64_t> left_ms;
  };
  std::vector<Line> lines;
  for (const auto& [number, counts] : counted) {
    if (counts.missing == 0) continue;
    const auto end = core::last_end(all->profile, site_name(*all, number));
    lines.push_back({&counts, number, end ? std::optional{end->value - now.value} : std::nullopt});
  }
  // The nearest end that has last-term students to lose, then the nearest end, then who lacks most.
  std::ranges::stable_sort(lines, [](const Line& a, const Line& b) {
    const bool left = a.counts->last_term_missing > 0;
    const bool right = b.counts->last_term_missing > 0;
    if (left != right) return left;
    if (a.left_ms.has_value() != b.left_ms.has_value()) return a.left_ms.has_value();
    if (a.left_ms != b.left_ms) return *a.left_ms < *b.left_ms;
    return a.counts->missing > b.counts->missing;
  });
  json::array sites;
  for (const Line& line : lines) {
    json::object out{{"site", site_name(*all, line.site)},
                     {"missing", line.counts->missing},
                     {"last_term_missing", line.counts->last_term_missing}};
    if (line.left_ms) out["days_left"] = *line.left_ms < 0 ? -1 : *line.left_ms / kDayMs;
    SATCHEL_TRY_ASSIGN(out["news_age_s"], news_age(node, *all, line.site));
    sites.push_back(std::move(out));
  }
  SATCHEL_TRY_ASSIGN(const auto students, missing_students(node, *all, {}, true));
  json::array list;
  for (const MissingOne& one : students) list.push_back(missing_document(one));
  Answer answer;
  answer.body["schema"] = "satchel.risk/1";
  answer.body["sites"] = std::move(sites);
  answer.body["students"] = std::move(list);
  return answer;
}

json::array pareto(const CodeCounts& tally) {
  std::vector<std::pair<std::string, std::size_t>> rows(tally.begin(), tally.end());
  std::ranges::stable_sort(rows, [](const auto& a, const auto& b) { return a.second > b.second; });
  std::size_t total = 0;
  for (const auto& [code, count] : rows) total += count;
  json::array out;
  std::size_t so_far = 0;
  for (const auto& [code, count] : rows) {
    so_far += count;
    out.push_back(
        json::object{{"code", code}, {"count", count}, {"share", static_cast<double>(so_far) / static_cast<double>(total)}});
  }
  return out;
}

Result<Answer> report_reasons(Node& node, const json::object&, const Progress&) {
  SATCHEL_TRY_ASSIGN(const Enrolled* const all, node.enrolled());
  std::map<core::NodeNumber, CodeCounts> checks;
  std::map<core::NodeNumber, CodeCounts> reviews;
  SATCHEL_TRY(each_student(node, *all, [&](const core::StudentState& state) -> Result<void> {
    for (const core::CaptureSeen& capture : state.captures) {
      for (const core::NotedFinding& finding : capture.fact.findings) {
        if (finding.grade == core::Grade::fail) ++checks[capture.author][finding.code];
      }
    }
    // A verdict goes to several nodes, and a hub that was set back says it anew under another number: it counts once.
    std::map<std::tuple<core::RecordId, std::int64_t, std::string>, const core::VerdictSeen*> once;
    for (const core::VerdictSeen& verdict : state.verdicts) {
      const core::VerdictFact& fact = verdict.fact;
      if (!fact.approved && !fact.undone) once[{fact.submission, fact.decided.wall.value, fact.reason}] = &verdict;
    }
    for (const auto& [what, verdict] : once) {
      const core::SubmissionSeen* submission = core::find_submission(state, verdict->fact.submission);
      const core::NodeNumber station = submission != nullptr ? submission->author
                                       : state.roster        ? state.roster->site
                                                             : core::kHubNumber;
      ++reviews[station][verdict->fact.reason];
    }
    return {};
  }));
  std::map<core::NodeNumber, json::object> stations;
  for (const auto& [number, tally] : checks) stations[number]["checks"] = pareto(tally);
  for (const auto& [number, tally] : reviews) stations[number]["reviews"] = pareto(tally);
  json::array list;
  for (auto& [number, document] : stations) {
    document["station"] = site_name(*all, number);
    list.push_back(std::move(document));
  }
  Answer answer;
  answer.body["schema"] = "satchel.reasons/1";
  answer.body["stations"] = std::move(list);
  return answer;
}

}  // namespace satchel::node
