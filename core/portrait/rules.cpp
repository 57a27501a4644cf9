#include "core/portrait/rules.h"

#include "core/base/check.h"
#include "core/portrait/catalogue.h"

namespace satchel::core::portrait {
namespace {

constexpr Rule kRules[] = {
    {Rule::Needs::picture, rule_size},
    {Rule::Needs::picture, rule_ratio},
    {Rule::Needs::picture, rule_face},
    {Rule::Needs::face, rule_one_face},
    // Before the rule that eyes are seen: they say why they are not.
    {Rule::Needs::face, rule_glare},
    {Rule::Needs::face, rule_eyes_open},
    {Rule::Needs::face, rule_eyes},
    {Rule::Needs::face, rule_roll},
    {Rule::Needs::face, rule_yaw},
    {Rule::Needs::face, rule_pitch},
    {Rule::Needs::face, rule_eye_height},
    {Rule::Needs::face, rule_face_width},
    {Rule::Needs::face, rule_centre},
    {Rule::Needs::face, rule_hairline},
    {Rule::Needs::face, rule_sharpness},
    {Rule::Needs::face, rule_moved},
    {Rule::Needs::picture, rule_under_exposure},
    {Rule::Needs::face, rule_over_exposure},
    {Rule::Needs::face, rule_half_dark},
    {Rule::Needs::face, rule_top_light},
    {Rule::Needs::face, rule_highlight},
    {Rule::Needs::face, rule_skin_colour},
    {Rule::Needs::face, rule_mouth_closed},
    {Rule::Needs::face, rule_glasses},
    {Rule::Needs::face, rule_tinted},
    {Rule::Needs::face, rule_red_eye},
    {Rule::Needs::face, rule_clothes},
    {Rule::Needs::face, rule_clothes_colour},
    {Rule::Needs::face, rule_stripes},
    {Rule::Needs::picture, rule_ground_plain},
    {Rule::Needs::picture, rule_ground_colour},
    {Rule::Needs::picture, rule_ground_light},
    {Rule::Needs::face, rule_recapture},
    {Rule::Needs::face, rule_beautified},
    {Rule::Needs::picture, rule_edited},
    {Rule::Needs::face, rule_similarity},
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

Finding cannot_tell(std::string_view code, std::string_view measure, Range pass, Blind why) {
  SATCHEL_CHECK(message(code) != nullptr);
  const BlindReason& words = blind_reason(why);
  const double nothing = std::numeric_limits<double>::quiet_NaN();
  return {code, Level::unknown, measure, nothing, pass.low, pass.high, words.zh, words.en, words.cure_zh, words.cure_en};
}

std::span<const Rule> all_rules() noexcept { return kRules; }

}  // namespace satchel::core::portrait
