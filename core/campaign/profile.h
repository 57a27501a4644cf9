#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/campaign/profile_faults.h"

namespace satchel::core {

struct Colour {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;
  auto operator<=>(const Colour&) const = default;
};

/// What happens in a window. Each group of sites goes collect → school_review → recollect; makeup comes later and others pay.
enum class Step : std::uint8_t { collect = 0, school_review = 1, recollect = 2, makeup = 3 };
/// "collect", "school_review", "recollect", "makeup": as a profile writes them.
std::string_view step_name(Step step) noexcept;

/// A span of days in which a group of sites does one step, between two hours of each day. A picture captured inside it is
/// accepted whenever it arrives; a clock never refuses anything (core/campaign/windows.h).
struct Window {
  std::string group;  ///< of sites; empty: all sites
  Step step = Step::collect;
  WallMs from;
  WallMs until;
  int daily_from_min = 0;         ///< minutes after midnight in China (UTC+8)
  int daily_until_min = 24 * 60;  ///< larger than daily_from_min
  std::string payer;              ///< who pays, where the notice says so; for people
  bool operator==(const Window&) const = default;
};

/// Sites that have their windows in common.
struct SiteGroup {
  std::string name;
  std::vector<std::string> sites;  ///< names as enrolled; empty: every site that no other group names
  bool operator==(const SiteGroup&) const = default;
};

/// What failed checks cost. All zero: nothing.
struct LockRules {
  int cooldown_min = 0;                ///< after each failed check
  int fails = 0;                       ///< this many failed checks in a row lock …
  int lock_min = 0;                    ///< … for so long
  int day_fails = 0;                   ///< this many in a row with one of these findings lock until the next day
  std::vector<std::string> day_codes;  ///< "Q-…"
  bool operator==(const LockRules&) const = default;
};

/// What the student is told and asked.
struct Consent {
  std::string text;            ///< shown before the first picture; empty: none
  std::string agree;           ///< what is ticked
  bool confirm_entry = true;   ///< own data confirmed before shooting
  bool confirm_submit = true;  ///< asked again before a picture is frozen
  bool operator==(const Consent&) const = default;
};

/// What to wear, for people and for the judge's words.
struct Clothes {
  std::vector<std::string> avoid;
  std::vector<std::string> advise;
  bool collar = false;  ///< required
  bool operator==(const Clothes&) const = default;
};

/// A ledger only: nothing is paid through Satchel.
struct Fee {
  double yuan = 0;
  bool refund_on_reject = false;
  bool operator==(const Fee&) const = default;
};

/// Clocks that run in working days unless the name says otherwise.
struct ReviewClocks {
  int review_min = 0;  ///< the school decides within so many days …
  int review_max = 5;  ///< … to so many
  int verify = 20;     ///< national verification after close
  int proof_min = 10;  ///< the student proofs within
  int proof_max = 30;
  double verify_fail_min = 0.05;  ///< share that is expected to fail the national check
  double verify_fail_max = 0.1;
  double similarity_min = 0;  ///< to the admission photo, of 100; 0: not asked
  bool operator==(const ReviewClocks&) const = default;
};

/// What is handed on after approval, beside the file's name and size.
struct Handover {
  int prints = 0;              ///< on paper, for each student
  std::string layout;          ///< of a sheet: "6-inch"
  std::string envelope;        ///< one for each: "class"
  std::string table = "xlsx";  ///< form of lists: "xlsx" or "csv"
  bool operator==(const Handover&) const = default;
};

/// Where working days are others than Monday to Friday, as the state's notice on holidays lists them. Dates as YYYYMMDD; none
/// stands twice. The clocks take them from here by core/campaign/working_days.h.
struct DayList {
  std::vector<std::string> off;   ///< 休
  std::vector<std::string> work;  ///< 班: days of a week's end that are worked to make up for it
  bool operator==(const DayList&) const = default;
};

/// How long pictures and records stay, in days after delivery.
struct Retention {
  int originals_days = 180;
  int pictures_days = 365;
  int records_days = 1825;
  bool operator==(const Retention&) const = default;
};

/// The day's plan where students come by class.
struct TimetableRules {
  int slot_min = 15;      ///< minutes of a slot
  int slot_students = 0;  ///< that it is made for; 0: not said
  int rooms = 0;          ///< 0: not said
  int open_slots = 0;     ///< without a class, for who was missed
  bool operator==(const TimetableRules&) const = default;
};

/// Years of study validity by 学历层次 (a level begins with the name), and when the last term begins.
struct StudyRules {
  std::map<std::string, int, std::less<>> years = {{"专升本", 5}, {"高起本", 7}};  ///< [notice SH]
  int last_term_months = 6;                                                        ///< [ours: half a year]
  bool operator==(const StudyRules&) const = default;
};

/// The rules of one collection round, as its notice sets them. Everything on which notices disagree stands here and nowhere in
/// code. examples/profiles/default.toml names each key, its default and its source.
struct Profile {
  std::string name;         ///< of the campaign, for people
  std::string school;       ///< stamped on each export row, like the next three
  std::string school_code;  ///< five digits ("10403")
  std::string school_type;
  std::string level;  ///< 学历层次 when all students share one; else empty

  int attempts_max = 10;    ///< captures that one student may have judged, over all sites
  int draft_capacity = 10;  ///< usable drafts that block further shooting
  int draft_keep_h = 24;    ///< hours before a draft may be deleted
  LockRules locks;
  Consent consent;

  std::vector<SiteGroup> groups;    ///< may be empty: all sites have all windows
  std::vector<Window> windows;      ///< may be empty: always open
  std::vector<Colour> backgrounds;  ///< accepted grounds, at least one
  bool replace_background = false;  ///< the standard picture gets the first of them; the original stays untouched
  bool full_chroma = false;         ///< standard pictures keep colour at full resolution (4:4:4) instead of halved (4:2:0)
  Clothes clothes;

  /// Limits of the picture that this campaign sets, by the names of the members of core/portrait/limits.h ("eye_height_pass",
  /// "dpi"); what is not here keeps the default there. Whole-number members have whole values.
  std::map<std::string, double> picture;

  std::string export_name = "{id_number}.jpg";  ///< pattern: core/campaign/name_pattern.h
  std::string export_folders;                   ///< "class": a folder for each class; empty: all in one
  int export_width = 120;
  int export_height = 160;
  Handover handover;

  Fee fee;
  ReviewClocks clocks;
  DayList days;
  std::vector<std::string> reject_reasons;  ///< codes of core/campaign/reasons.h that reviewers may choose; at least one
  StudyRules study;
  TimetableRules timetable;
  Retention retention;
};

/// A profile as far as it can be read, and everything that is wrong with it.
struct ProfileLint {
  Profile profile;
  std::vector<ProfileFault> faults;  ///< by line; empty: the profile is good
};
/// Never fails: what is wrong stands in the faults.
ProfileLint lint_profile(std::string_view toml);

/// A profile travels to the sites in one record (core/record/entry.h, kRecordBodyMax), packed in the worst case byte by byte.
inline constexpr std::size_t kProfileTextMax = 60 * 1024;

/// Reads a profile in TOML (version 1.0). kProfileBad for text that is no TOML, an unknown key (with the nearest known one), a
/// wrong type, a value out of range, or a missing required key (name, school, school_code); the detail has line and key of the
/// first mistake, and how many there are.
Result<Profile> parse_profile(std::string_view toml);

/// Every key that the section [picture] may hold, sorted.
std::vector<std::string_view> picture_keys();

/// One key that two profiles set differently; a text is empty where the key is not set.
struct ProfileChange {
  std::string key;  ///< "capture.attempts_max"
  std::string before;
  std::string after;
  bool operator==(const ProfileChange&) const = default;
};
/// By key. Comments and layout do not count. Both must be TOML: of one that is not, nothing is set.
std::vector<ProfileChange> compare_profiles(std::string_view before, std::string_view after);

}  // namespace satchel::core
