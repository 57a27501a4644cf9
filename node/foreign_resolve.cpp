// The hub's desk: what a mapping table, a decoder or a person says about the foreign codes that sites have matched.
#include <algorithm>
#include <boost/json/array.hpp>
#include <functional>
#include <map>
#include <set>

#include "core/campaign/foreign_answers.h"
#include "core/code/issue.h"
#include "core/code/mask.h"
#include "node/arguments.h"
#include "node/decoder.h"
#include "node/desk.h"
#include "node/foreign_codes.h"
#include "node/foreign_seal.h"

namespace satchel::node {

using core::Bytes;
using core::Code;
using core::Error;
using core::Lane;
using core::Result;
namespace json = boost::json;

namespace {

constexpr std::uint64_t kMappingFileMax = 64ULL * 1024 * 1024;
constexpr std::uint64_t kTimeoutOtherwise_s = 10;

/// Whose a code is by an outside word: a 学号, or nullopt when it is not known there.
using Ask = std::function<Result<std::optional<std::string>>(const core::Hash& digest, const Bytes& code)>;

/// The student's site and those that matched the code hear of it.
std::set<core::NodeNumber> who_hears(const Enrolled& all, const core::StudentState& state, const core::Hash& digest) {
  std::set<core::NodeNumber> out;
  if (state.roster) out.insert(state.roster->site);
  for (const core::ForeignCodeSeen& seen : state.foreign_codes) {
    if (seen.fact.digest == digest) out.insert(seen.author);
  }
  out.erase(core::kHubNumber);
  std::erase_if(out, [&](core::NodeNumber number) { return all.membership->revoked(number); });
  return out;
}

Result<void> state_answer(Node& node, Enrolled& all, const core::StudentState& state, core::ForeignAnswerFact fact) {
  fact.student = state.student;
  fact.epoch = all.ledger->number(core::next_answer_epoch(state));
  fact.answered = node.surroundings().clock.moment();
  Ledger::Turn turn = all.ledger->turn();
  const std::set<core::NodeNumber> sites = who_hears(all, state, fact.digest);
  for (const core::NodeNumber site : sites) SATCHEL_TRY(turn.state(core::Audience{site.value}, Lane::control, fact));
  if (sites.empty()) SATCHEL_TRY(turn.state(core::kToHub, Lane::control, fact));  // nobody else asks; the hub remembers
  return turn.commit();
}

/// The sealed bytes, and that they are those of the digest: a site could have sealed others.
Result<Bytes> open_checked(Node& node, const Enrolled& all, const core::ForeignCodeFact& fact) {
  SATCHEL_TRY_ASSIGN(Bytes code, open_foreign(node.identity().box, fact.sealed));
  if (core::code_digest(all.campaign.secrets.index_key.view(), core::as_text(code)) != fact.digest) {
    return Error{Code::kHashBad, "the sealed code and its digest differ"};
  }
  return code;
}

class Resolver {
 public:
  Resolver(Node& node, Enrolled& all, core::AnswerSource source, Ask ask)
      : node_(node), all_(all), source_(source), ask_(std::move(ask)) {}

  Result<void> look_at(const core::StudentState& state) {
    if (!state.roster) return {};
    by_number_[state.roster->student_number] = state.student;
    std::set<core::Hash> told;
    for (const core::ForeignCodeSeen& seen : state.foreign_codes) {
      const core::ForeignAnswerSeen* last = core::foreign_answer(state, seen.fact.digest);
      const bool settled = last != nullptr && last->fact.source == core::AnswerSource::person;
      if (!settled && told.insert(seen.fact.digest).second) waiting_.push_back({state.student, seen.fact});
    }
    return {};
  }

  Result<Answer> resolve(const Progress& progress) {
    for (const Waiting& one : waiting_) {
      SATCHEL_TRY(resolve_one(one));
      if (progress && ++asked_ % 20 == 0) progress(json::object{{"phase", "resolve"}, {"asked", asked_}});
    }
    Answer answer;
    if (waiting_.empty()) return Code::kNothingToDo;
    SATCHEL_TRY(all_.ledger->issue_receipt());
    answer.body["schema"] = "satchel.code-resolve/1";
    answer.body["source"] = core::answer_source_name(source_);
    answer.body["asked"] = waiting_.size();
    answer.body["confirmed"] = confirmed_;
    answer.body["unanswered"] = unanswered_;
    if (!failed_.empty()) answer.exit = core::Exit::partial;
    if (!disputed_.empty()) answer.exit = core::Exit::person_must_decide;
    answer.body["disputed"] = std::move(disputed_);
    answer.body["failed"] = std::move(failed_);
    return answer;
  }

 private:
  struct Waiting {
    core::StudentRef student;
    core::ForeignCodeFact fact;
  };

  Result<void> resolve_one(const Waiting& one) {
    const auto said = answer_of(one.fact);
    if (!said) {
      if (said.error().code == Code::kFileMissing) return said.error();
      json::object line{{"student", one.student.text()}, {"code", short_id(one.fact.digest)}};
      line["error"] = error_item(said.error());
      failed_.push_back(std::move(line));
      return {};
    }
    if (!*said) {
      ++unanswered_;
      return {};
    }
    SATCHEL_TRY_ASSIGN(const auto state, all_.ledger->student(one.student));
    if (!state || !state->roster) return {};
    const bool same = **said == state->roster->student_number;
    const auto standing = core::foreign_standing(*state, one.fact.digest);
    const auto wanted = same ? core::ForeignStanding::confirmed : core::ForeignStanding::disputed;
    if (standing != wanted) {
      core::ForeignAnswerFact fact;
      fact.digest = one.fact.digest;
      fact.confirmed = same;
      fact.source = source_;
      SATCHEL_TRY(state_answer(node_, all_, *state, fact));
    }
    if (same) {
      ++confirmed_;
      return {};
    }
    json::object line{{"student", one.student.text()}, {"code", short_id(one.fact.digest)}};
    line["name"] = core::mask_name(state->roster->name);
    line["class"] = state->roster->class_name;
    const auto other = by_number_.find(**said);
    line["says"] = other != by_number_.end() ? json::value(other->second.text()) : json::value();
    disputed_.push_back(std::move(line));
    return {};
  }

  Result<std::optional<std::string>> answer_of(const core::ForeignCodeFact& fact) {
    SATCHEL_TRY_ASSIGN(const Bytes code, open_checked(node_, all_, fact));
    return ask_(fact.digest, code);
  }

  Node& node_;
  Enrolled& all_;
  core::AnswerSource source_;
  Ask ask_;
  std::vector<Waiting> waiting_;
  std::map<std::string, core::StudentRef, std::less<>> by_number_;
  std::size_t asked_ = 0;
  std::size_t confirmed_ = 0;
  std::size_t unanswered_ = 0;
  json::array disputed_;
  json::array failed_;
};

Result<Answer> ask_all(Node& node, Enrolled& all, core::AnswerSource source, Ask ask, const Progress& progress) {
  Resolver resolver{node, all, source, std::move(ask)};
  SATCHEL_TRY(each_student(node, all, [&](const core::StudentState& state) { return resolver.look_at(state); }));
  return resolver.resolve(progress);
}

Result<Answer> by_mapping(Node& node, Enrolled& all, const std::string& path, const Progress& progress) {
  SATCHEL_TRY_ASSIGN(const Bytes file, read_named(node.surroundings().disk, path, kMappingFileMax));
  SATCHEL_TRY_ASSIGN(const auto rows, core::read_mapping(file));
  std::map<std::string, std::string, std::less<>> numbers;
  std::set<std::string, std::less<>> twice;
  for (const core::MappingRow& row : rows) {
    const auto [known, fresh] = numbers.try_emplace(row.code, row.student_number);
    if (!fresh && known->second != row.student_number) twice.insert(row.code);
  }
  const auto ask = [&](const core::Hash& digest, const Bytes& code) -> Result<std::optional<std::string>> {
    for (const std::string& key : {std::string(core::as_text(code)), digest.hex()}) {
      if (twice.contains(key)) return Error{Code::kMappingBad, "one code is given to two students"};
      if (const auto found = numbers.find(key); found != numbers.end()) return std::optional<std::string>{found->second};
    }
    return std::optional<std::string>{};
  };
  return ask_all(node, all, core::AnswerSource::mapping, ask, progress);
}

Result<Answer> by_decoder(Node& node, Enrolled& all, const json::object& arguments, const Progress& progress) {
  Decoder decoder;
  decoder.program = optional_text(arguments, "decoder");
  if (arguments.contains("decoder_args")) {
    SATCHEL_TRY_ASSIGN(decoder.arguments, list_argument(arguments, "decoder_args"));
  }
  SATCHEL_TRY_ASSIGN(const std::uint64_t timeout, number_argument(arguments, "timeout_s", kTimeoutOtherwise_s));
  if (timeout < 1 || timeout > kDecoderTimeoutMost_s) return Error{Code::kUsage, "timeout is 1 to 300 seconds"};
  decoder.timeout_s = static_cast<int>(timeout);
  const auto ask = [&](const core::Hash&, const Bytes& code) { return ask_decoder(decoder, code); };
  return ask_all(node, all, core::AnswerSource::decoder, ask, progress);
}

/// A person has looked: all codes of this student that are not refused are confirmed, or refused.
Result<Answer> by_person(Node& node, Enrolled& all, const json::object& arguments) {
  SATCHEL_TRY_ASSIGN(const core::StudentRef student, student_argument(arguments, "student"));
  const std::string decide = optional_text(arguments, "decide");
  const std::string only = optional_text(arguments, "foreign");
  if (decide != "confirmed" && decide != "refused") return Error{Code::kUsage, "decide: confirmed or refused"};
  SATCHEL_TRY_ASSIGN(const auto first, all.ledger->student(student));
  if (!first) return Code::kStudentUnknown;
  std::set<core::Hash> digests;
  for (const core::ForeignCodeSeen& seen : first->foreign_codes) {
    if (only.empty() || short_id(seen.fact.digest) == only) digests.insert(seen.fact.digest);
  }
  if (digests.empty()) return Code::kForeignUnknown;
  for (const core::Hash& digest : digests) {
    SATCHEL_TRY_ASSIGN(const auto state, all.ledger->student(student));
    core::ForeignAnswerFact fact;
    fact.digest = digest;
    fact.confirmed = decide == "confirmed";
    fact.source = core::AnswerSource::person;
    SATCHEL_TRY(state_answer(node, all, *state, fact));
  }
  SATCHEL_TRY(all.ledger->issue_receipt());
  Answer answer;
  answer.body["schema"] = "satchel.code-decided/1";
  answer.body["student"] = student.text();
  answer.body["decided"] = decide;
  answer.body["codes"] = digests.size();
  return answer;
}

}  // namespace

Result<Answer> resolve_foreign(Node& node, const json::object& arguments, const Progress& progress) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  const std::string mapping = optional_text(arguments, "mapping");
  const bool decoder = !optional_text(arguments, "decoder").empty();
  const bool person = !optional_text(arguments, "student").empty();
  if ((mapping.empty() ? 0 : 1) + (decoder ? 1 : 0) + (person ? 1 : 0) != 1) {
    return Error{Code::kUsage, "one of mapping, decoder and student"};
  }
  if (person) return by_person(node, *all, arguments);
  return decoder ? by_decoder(node, *all, arguments, progress) : by_mapping(node, *all, mapping, progress);
}

}  // namespace satchel::node
