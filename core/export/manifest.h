#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/campaign/profile.h"
#include "core/export/sheet.h"
#include "core/record/facts.h"

namespace satchel::core {

/// One exported student: what the manifest says of the files and of whom they show.
struct ManifestRow {
  StudentRef student;
  std::string school;
  std::string school_code;
  std::string school_type;
  std::string student_number;
  std::string name;
  std::string id_number;
  std::string enrolled_on;
  std::string level;
  std::string site_name;
  std::string class_name;
  std::string major;
  std::string small_file;  ///< names relative to the export's folder
  Hash small_hash;
  std::uint64_t small_size = 0;
  std::string standard_file;  ///< empty when it is not exported
  Hash standard_hash;
  std::uint64_t standard_size = 0;
  WallMs taken;
  WallMs approved;
};

/// A row with the student's part of `fact` and the school's part of `profile`; the caller adds files and times.
ManifestRow make_row(const RosterFact& fact, const Profile& profile);

/// By 学号 naturally, then by reference.
void sort_rows(std::vector<ManifestRow>& rows);

/// The manifest in the form of excel_csv.h.
std::string manifest_csv(std::span<const ManifestRow> rows);

/// The heads of the columns, in order: for the CSV and for any other form.
std::span<const std::string_view> manifest_columns() noexcept;
/// The cells of a row as plain text, one for each column.
std::vector<std::string> manifest_cells(const ManifestRow& row);

/// The list that goes to the next office with the pictures: each student with the school's constants and the file, in the order
/// of `rows`.
Sheet handover_list(std::span<const ManifestRow> rows);

}  // namespace satchel::core
