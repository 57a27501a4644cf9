#include "core/record/facts.h"

namespace satchel::core {
namespace {

struct StudentOf {
  template <class F>
  std::optional<StudentRef> operator()(const F& fact) const {
    return fact.student;
  }
  std::optional<StudentRef> operator()(const MemberFact&) const { return std::nullopt; }
  std::optional<StudentRef> operator()(const RevocationFact&) const { return std::nullopt; }
  std::optional<StudentRef> operator()(const ProfileFact&) const { return std::nullopt; }
  std::optional<StudentRef> operator()(const IndexFact&) const { return std::nullopt; }
  std::optional<StudentRef> operator()(const TimetableFact&) const { return std::nullopt; }
};

}  // namespace

std::string_view grade_name(Grade grade) {
  switch (grade) {
    case Grade::pass: return "pass";
    case Grade::advice: return "advice";
    case Grade::fail: break;
  }
  return "fail";
}

std::string_view national_result_name(NationalResult result) {
  switch (result) {
    case NationalResult::passed: return "passed";
    case NationalResult::failed: return "failed";
    case NationalResult::undetermined: break;
  }
  return "undetermined";
}

std::string_view purge_scope_name(PurgeScope scope) {
  switch (scope) {
    case PurgeScope::originals: return "originals";
    case PurgeScope::pictures: return "pictures";
    case PurgeScope::records: break;
  }
  return "records";
}

std::string_view answer_source_name(AnswerSource source) {
  switch (source) {
    case AnswerSource::mapping: return "mapping";
    case AnswerSource::decoder: return "decoder";
    case AnswerSource::person: break;
  }
  return "person";
}

std::optional<StudentRef> student_of(const Fact& fact) { return std::visit(StudentOf{}, fact); }

}  // namespace satchel::core
