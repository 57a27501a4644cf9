#include "core/portrait/rules.h"

#include "core/base/check.h"
#include "core/portrait/catalogue.h"

namespace satchel::core::portrait {
namespace {

constexpr Rule kRules[] = {
    {Rule::Needs::picture, rule_size},       {Rule::Needs::picture, rule_ratio},   {Rule::Needs::picture, rule_face},
    {Rule::Needs::face, rule_one_face},      {Rule::Needs::face, rule_eyes},       {Rule::Needs::face, rule_roll},
    {Rule::Needs::face, rule_eye_height},    {Rule::Needs::face, rule_face_width}, {Rule::Needs::face, rule_centre},
    {Rule::Needs::face, rule_hairline},      {Rule::Needs::face, rule_sharpness},  {Rule::Needs::picture, rule_under_exposure},
    {Rule::Needs::face, rule_over_exposure}, {Rule::Needs::face, rule_half_dark},  {Rule::Needs::face, rule_clothes},
};

Finding worded(std::string_view code, Level level, std::string_view measure, double value, Range pass) {
  const Side side = value < pass.low ? Side::low : value > pass.high ? Side::high : Side::any;
  const Message* words = message(code, side);
  SATCHEL_CHECK(words != nullptr);
  return {code, level, measure, value, pass.low, pass.high, words->zh, words->en, words->cure_zh, words->cure_en};
}

}  // namespace

Finding judge(std::string_view code, std::string_view measure, double value, Range pass, Range fail) {
  const Level level = pass.holds(value) ? Level::pass : fail.holds(value) ? Level::advice : Level::fail;
  return worded(code, level, measure, value, pass);
}

Finding advise(std::string_view code, std::string_view measure, double value, Range pass) {
  return worded(code, pass.holds(value) ? Level::pass : Level::advice, measure, value, pass);
}

Finding cannot_tell(std::string_view code, std::string_view measure, Range pass) {
  return worded(code, Level::unknown, measure, std::numeric_limits<double>::quiet_NaN(), pass);
}

std::span<const Rule> all_rules() noexcept { return kRules; }

}  // namespace satchel::core::portrait
