#pragma once

#include <array>

#include "cli/commands.h"

// The parameters of the hub's desk, for the table in commands.cpp.
namespace satchel::cli::desk {

inline constexpr std::array kMerge{
    Parameter{Kind::paths, "SOURCE", "", "sources", true, Phrase::option_sources},
    Parameter{Kind::flag, "--dry-run", "", "dry_run", false, Phrase::option_merge_dry_run},
};

inline constexpr std::array kReviewList{
    Parameter{Kind::path, "--pictures", "DIR", "pictures", false, Phrase::option_pictures},
    Parameter{Kind::text, "--by", "ORDER", "by", false, Phrase::option_review_by},
    Parameter{Kind::text, "--site", "NAME", "site", false, Phrase::option_site_filter},
    Parameter{Kind::text, "--class", "NAME", "class", false, Phrase::option_class_filter},
    Parameter{Kind::text, "--limit", "N", "limit", false, Phrase::option_limit},
    Parameter{Kind::path, "--holidays", "FILE", "holidays", false, Phrase::option_holidays},
};
inline constexpr Parameter kOperator{Kind::text, "--operator", "NAME", "by", false, Phrase::option_operator};
inline constexpr Parameter kEpoch{Kind::text, "--epoch", "N", "epoch", false, Phrase::option_epoch};
inline constexpr std::array kApprove{
    Parameter{Kind::texts, "REF", "", "students", true, Phrase::option_students},
    kOperator,
    kEpoch,
};
inline constexpr std::array kReject{
    Parameter{Kind::texts, "REF", "", "students", true, Phrase::option_students},
    Parameter{Kind::text, "--reason", "CODE", "reason", true, Phrase::option_reason},
    Parameter{Kind::text, "--note", "TEXT", "note", false, Phrase::option_note},
    kOperator,
    kEpoch,
};
inline constexpr std::array kUndo{
    Parameter{Kind::texts, "REF", "", "students", true, Phrase::option_students},
    Parameter{Kind::text, "--note", "TEXT", "note", false, Phrase::option_note},
    kOperator,
};
inline constexpr std::array kSecondLook{
    Parameter{Kind::text, "--share", "PERCENT", "share", false, Phrase::option_share},
    Parameter{Kind::text, "--seed", "N", "seed", false, Phrase::option_seed},
    kOperator,
    Parameter{Kind::path, "--pictures", "DIR", "pictures", false, Phrase::option_pictures},
};
inline constexpr std::array kLook{
    Parameter{Kind::texts, "REF", "", "students", true, Phrase::option_students},
    Parameter{Kind::text, "--verdict", "approve|reject", "verdict", true, Phrase::option_look_verdict},
    Parameter{Kind::text, "--reason", "CODE", "reason", false, Phrase::option_reason},
    Parameter{Kind::text, "--operator", "NAME", "by", true, Phrase::option_operator},
    Parameter{Kind::text, "--seed", "N", "seed", false, Phrase::option_seed},
};
inline constexpr std::array kRetakesList{
    Parameter{Kind::text, "--limit", "N", "limit", false, Phrase::option_limit},
};
inline constexpr std::array kRetakesFaces{
    Parameter{Kind::text, "--site", "NAME", "site", false, Phrase::option_site_filter},
    Parameter{Kind::text, "--class", "NAME", "class", false, Phrase::option_class_filter},
    Parameter{Kind::text, "--limit", "N", "limit", false, Phrase::option_limit},
};
inline constexpr std::array kNationalImport{
    Parameter{Kind::path, "FILE", "", "file", true, Phrase::option_result_list},
    Parameter{Kind::flag, "--dry-run", "", "dry_run", false, Phrase::option_merge_dry_run},
    Parameter{Kind::path, "--holidays", "FILE", "holidays", false, Phrase::option_holidays},
};
inline constexpr std::array kCasesList{
    Parameter{Kind::flag, "--all", "", "all", false, Phrase::option_all_cases},
    Parameter{Kind::text, "--owner", "NAME", "owner", false, Phrase::option_owner},
};
inline constexpr std::array kOneStudent{
    Parameter{Kind::text, "STUDENT", "", "student", true, Phrase::option_student},
};
inline constexpr Parameter kNext{Kind::text, "--next", "TEXT", "next", false, Phrase::option_next};
inline constexpr Parameter kDueDate{Kind::text, "--due", "DATE", "due", false, Phrase::option_due};
inline constexpr std::array kCasesAssign{
    Parameter{Kind::text, "STUDENT", "", "student", true, Phrase::option_student},
    Parameter{Kind::text, "--owner", "NAME", "owner", true, Phrase::option_owner},
    kNext,
    kDueDate,
};
inline constexpr std::array kCasesStep{
    Parameter{Kind::text, "STUDENT", "", "student", true, Phrase::option_student},
    Parameter{Kind::text, "--next", "TEXT", "next", true, Phrase::option_next},
    Parameter{Kind::text, "--owner", "NAME", "owner", false, Phrase::option_owner},
    kDueDate,
};
inline constexpr std::array kCasesClose{
    Parameter{Kind::text, "STUDENT", "", "student", true, Phrase::option_student},
    kNext,
};
inline constexpr std::array kCasesPack{
    Parameter{Kind::text, "STUDENT", "", "student", true, Phrase::option_student},
    Parameter{Kind::path, "--out", "FILE", "out", true, Phrase::option_pack_out},
};
inline constexpr std::array kDue{
    Parameter{Kind::path, "--holidays", "FILE", "holidays", false, Phrase::option_holidays},
};

}  // namespace satchel::cli::desk
