// Each kind of mistake in a profile, made once.
#include <catch2/catch.hpp>
#include <map>

#include "core/campaign/profile.h"

using namespace satchel::core;
using Kind = ProfileFaultKind;

namespace {

const std::string kHead = "name = \"c\"\nschool = \"s\"\nschool_code = \"10403\"\n";
const std::string kDays = "from = 2026-06-16T08:00:00\nuntil = 2026-06-17T08:00:00\n";

struct Made {
  Kind kind;
  std::string_view code;
  std::string text;
};

std::vector<Made> mistakes() {
  const std::string groups = kHead + "[[groups]]\nname = \"aa\"\nsites = [\"x\"]\n[[groups]]\nname = \"b\"\n";
  return {
      {Kind::syntax, "P-SYNTAX", "name = "},
      {Kind::encoding, "P-ENCODING", kHead + "# \xFF\n"},
      {Kind::too_long, "P-SIZE", kHead + "# " + std::string(kProfileTextMax, 'x')},
      {Kind::unknown_key, "P-KEY", kHead + "zzzzzzzzzzzz = 1\n"},
      {Kind::unknown_key_near, "P-KEY", kHead + "levl = \"x\"\n"},
      {Kind::missing, "P-MISSING", "name = \"c\"\n"},
      {Kind::empty, "P-EMPTY", "name = \"\"\nschool = \"s\"\nschool_code = \"10403\"\n"},
      {Kind::not_text, "P-TYPE", kHead + "level = 1\n"},
      {Kind::text_bad, "P-TEXT", kHead + "level = \"a\\u0007\"\n"},
      {Kind::not_whole, "P-TYPE", kHead + "[capture]\nattempts_max = \"x\"\n"},
      {Kind::not_number, "P-TYPE", kHead + "[picture]\nratio_tolerance = \"x\"\n"},
      {Kind::not_switch, "P-TYPE", kHead + "[consent]\nconfirm_entry = 1\n"},
      {Kind::out_of_range, "P-RANGE", kHead + "[capture]\nattempts_max = 0\n"},
      {Kind::not_moment, "P-TYPE", kHead + "[[windows]]\nfrom = \"x\"\nuntil = 2026-06-17T08:00:00\n"},
      {Kind::not_hour, "P-TYPE", kHead + "[[windows]]\n" + kDays + "daily_from = \"x\"\n"},
      {Kind::not_date, "P-DATE", kHead + "[calendar]\ndays_off = [\"国庆节\"]\n"},
      {Kind::not_date_near, "P-DATE", kHead + "[calendar]\ndays_off = [\"2026-09-31\"]\n"},
      {Kind::day_twice, "P-DATE", kHead + "[calendar]\ndays_off = [\"2026-10-01\"]\nworkdays = [2026-10-01]\n"},
      {Kind::not_list, "P-TYPE", kHead + "[clothes]\navoid = 1\n"},
      {Kind::not_section, "P-TYPE", "capture = 1\n" + kHead},
      {Kind::not_sections, "P-TYPE", "windows = [1]\n" + kHead},
      {Kind::not_texts, "P-TYPE", kHead + "[clothes]\navoid = [1]\n"},
      {Kind::not_colours, "P-TYPE", kHead + "[background]\naccepted = [1]\n"},
      {Kind::no_colour, "P-EMPTY", kHead + "[background]\naccepted = []\n"},
      {Kind::no_code, "P-EMPTY", kHead + "[review]\nreasons = []\n"},
      {Kind::unknown_code, "P-CODE", kHead + "[review]\nreasons = [\"ZZZZZZZZZZZZZZZZ\"]\n"},
      {Kind::unknown_code_near, "P-CODE", kHead + "[review]\nreasons = [\"R-BLURR\"]\n"},
      {Kind::unknown_word, "P-WORD", kHead + "[export]\ntable = \"zzzzzzzzzz\"\n"},
      {Kind::unknown_word_near, "P-WORD", kHead + "[export]\ntable = \"xls\"\n"},
      {Kind::five_digits, "P-SCHOOL-CODE", "name = \"c\"\nschool = \"s\"\nschool_code = \"1\"\n"},
      {Kind::end_before_begin, "P-ORDER", kHead + "[[windows]]\nfrom = 2026-06-16T08:00:00\nuntil = 2026-06-15T08:00:00\n"},
      {Kind::larger_than, "P-ORDER", kHead + "[review]\ndays_min = 9\ndays_max = 2\n"},
      {Kind::export_name, "P-EXPORT-NAME", kHead + "[export]\nname = \"x.jpg\"\n"},
      {Kind::group_twice, "P-GROUP", groups + "[[groups]]\nname = \"b\"\nsites = [\"z\"]\n"},
      {Kind::site_twice, "P-GROUP", groups + "[[groups]]\nname = \"c\"\nsites = [\"x\"]\n"},
      {Kind::rest_twice, "P-GROUP", groups + "[[groups]]\nname = \"c\"\n"},
      {Kind::group_unknown, "P-GROUP", groups + "[[windows]]\ngroup = \"zzzzzzzz\"\n" + kDays},
      {Kind::group_unknown_near, "P-GROUP", groups + "[[windows]]\ngroup = \"aaa\"\n" + kDays},
      {Kind::group_without_window, "P-WINDOW", groups + "[[windows]]\ngroup = \"aa\"\n" + kDays},
      {Kind::step_order, "P-STEP",
       kHead + "[[windows]]\n" + kDays +
           "[[windows]]\nstep = \"school_review\"\nfrom = 2026-06-10T08:00:00\nuntil = 2026-06-12T08:00:00\n"},
      {Kind::lock_without_time, "P-LOCK", kHead + "[capture]\nlock_after = 2\n"},
      {Kind::codes_without_count, "P-LOCK", kHead + "[capture]\nday_lock_codes = [\"Q-NO-FACE\"]\n"},
  };
}

}  // namespace

TEST_CASE("every kind of mistake in a profile is made once, and told by its own code") {
  std::map<Kind, std::string_view> made;
  for (const Made& one : mistakes()) {
    made[one.kind] = one.code;
    const ProfileLint lint = lint_profile(one.text);
    bool told = false;
    std::string all;
    for (const ProfileFault& fault : lint.faults) {
      told = told || (fault.kind == one.kind && fault_code(fault) == one.code);
      all += fault_detail(fault) + "\n";
    }
    INFO(one.text.substr(0, 300) << "\n" << all);
    CHECK(told);
  }
  for (const ProfileFaultText& text : all_profile_faults()) {
    INFO(text.code << " " << text.en);
    CHECK(made.contains(text.kind));
  }
}
