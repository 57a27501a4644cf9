#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/campaign/profile.h"
#include "core/export/paper.h"
#include "core/record/facts.h"

namespace satchel::core {

// The papers that offices ask for after approval. Their words are Chinese, as the notices are; who is not to be named in full is
// masked by the caller. Students come sorted (sort_for_papers); each class begins on a page of its own.

/// What stands on every paper.
struct PaperHead {
  std::string campaign;
  std::string school;
  std::string school_code;
  std::string date;  ///< "2026-06-16", when it is printed
};

/// One student on a paper.
struct PaperStudent {
  RosterFact row;
  std::string masked_name;       ///< "张*三"
  std::string masked_id_number;  ///< "**************001X"
  std::optional<PaperImage> image;
  std::vector<std::string> wrong;  ///< names of proof_fields()
  std::string note;                ///< state or reason, in words
};

/// By class naturally (19史（5） before 19史（10）), then by 学号 naturally, then by reference.
void sort_for_papers(std::vector<PaperStudent>& students);
/// The members of one class, in a list that is sorted so.
std::vector<std::span<const PaperStudent>> by_class(std::span<const PaperStudent> students);

/// One label with its checklist for each class.
Paper envelopes(const PaperHead& head, std::span<const PaperStudent> students, int prints);
/// 36 pictures a page, with number and name. Who has no image is named with an empty frame.
Paper contact_sheet(const PaperHead& head, std::span<const PaperStudent> students);

/// 12 collection codes a page (the image of each student), to be cut apart, with masked name and number, and the hint how to keep
/// one.
Paper code_sheets(const PaperHead& head, std::span<const PaperStudent> students);

/// A sheet of photo paper.
struct PrintSheet {
  double width_mm = 0;
  double height_mm = 0;
};
/// "6-inch": 152×102 mm. nullopt for a layout that is not known.
std::optional<PrintSheet> print_sheet(std::string_view layout);
/// How `count` prints of 3:4 stand on a sheet: the grid in which they are largest, but not larger than 300 dpi allow.
struct PrintGrid {
  int columns = 1;
  int rows = 1;
  double width_mm = 0;  ///< of one print
  double height_mm = 0;
};
PrintGrid print_grid(const PrintSheet& sheet, int count);
/// One sheet for each student who has an image, `count` prints on it, with crop marks and a line that says whose it is.
Paper print_layout(const PaperHead& head, std::span<const PaperStudent> students, const PrintSheet& sheet, int count);

/// 勘误表: one page for each student, prefilled with what is known; what is wrong is marked, and left blank to be written.
Paper errata_forms(const PaperHead& head, std::span<const PaperStudent> students);
/// What each student of a class pays, with sums; a ledger only.
Paper fee_sheets(const PaperHead& head, std::span<const PaperStudent> students, double yuan);
/// Who gets the fee back, and why.
Paper refund_list(const PaperHead& head, std::span<const PaperStudent> students, double yuan);
/// For a chat: names and ID numbers masked, one line a student, an empty line between classes. UTF-8, LF.
std::string chat_lists(std::span<const PaperStudent> students);

/// "15", "15.50".
std::string yuan_text(double yuan);

}  // namespace satchel::core
