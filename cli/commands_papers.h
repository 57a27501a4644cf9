#pragma once

#include <array>

#include "cli/commands.h"

// The parameters of the commands that follow an approval: papers, proofing, corrections, delivery, purge.
namespace satchel::cli {

inline constexpr std::array kPapers{
    Parameter{Kind::text, "envelopes|contact-sheet|prints|errata|fees|refunds|lists|codes", "", "kind", true,
              Phrase::option_paper},
    Parameter{Kind::path, "--out", "DIR", "out", true, Phrase::option_out_folder},
    Parameter{Kind::text, "--class", "NAME", "class", false, Phrase::option_class_filter},
};
inline constexpr std::array kProofMark{
    Parameter{Kind::texts, "STUDENT", "", "students", false, Phrase::option_students},
    Parameter{Kind::path, "--list", "FILE", "list", false, Phrase::option_number_list},
    Parameter{Kind::flag, "--right", "", "right", false, Phrase::option_right},
    Parameter{Kind::texts, "--wrong", "FIELD", "wrong", false, Phrase::option_wrong},
    Parameter{Kind::text, "--note", "TEXT", "note", false, Phrase::option_note},
};
inline constexpr std::array kErrataOpen{
    Parameter{Kind::texts, "STUDENT", "", "students", false, Phrase::option_students},
    Parameter{Kind::path, "--list", "FILE", "list", false, Phrase::option_number_list},
    Parameter{Kind::texts, "--field", "FIELD", "fields", false, Phrase::option_wrong},
    Parameter{Kind::text, "--note", "TEXT", "note", false, Phrase::option_note},
};
inline constexpr std::array kErrataClose{
    Parameter{Kind::texts, "STUDENT", "", "students", false, Phrase::option_students},
    Parameter{Kind::path, "--list", "FILE", "list", false, Phrase::option_number_list},
    Parameter{Kind::text, "--note", "TEXT", "note", false, Phrase::option_note},
};
inline constexpr std::array kDeliver{
    Parameter{Kind::texts, "STUDENT", "", "students", false, Phrase::option_students},
    Parameter{Kind::path, "--list", "FILE", "list", false, Phrase::option_number_list},
    Parameter{Kind::text, "--class", "NAME", "class", false, Phrase::option_deliver_class},
};
inline constexpr std::array kPurgeRun{
    Parameter{Kind::flag, "--dry-run", "", "dry_run", false, Phrase::option_dry_run},
    Parameter{Kind::path, "--out", "DIR", "out", false, Phrase::option_certificate_out},
};
inline constexpr std::array kPurgeCertificate{
    Parameter{Kind::path, "--out", "DIR", "out", true, Phrase::option_certificate_out},
};
inline constexpr std::array kPurgeVerify{
    Parameter{Kind::path, "FILE", "", "file", true, Phrase::option_certificate},
};

}  // namespace satchel::cli
