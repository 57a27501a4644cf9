#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/record/facts.h"

namespace satchel::core {

/// Whose picture a photographer's file is, read off its name: "20219900001.jpg", "11010119900307001X.jpg", "张三.jpg",
/// "20219900001_张三 (2).jpg".
class PhotoNames {
 public:
  enum class Kind { one, nobody, several };
  struct Match {
    Kind kind = Kind::nobody;
    StudentRef student;  ///< of `one`
  };

  /// From now on this student is known by 学号, 身份证号 and 姓名.
  void add(const RosterFact& row);
  /// `stem`: a file name without its ending. The whole of it counts first, then its parts, split at blanks, brackets and marks.
  /// 学号 and 身份证号 go before names; a name that two students share tells nobody apart; a number of one student beside the
  /// name of another is `several`.
  Match find(std::string_view stem) const;

 private:
  std::map<std::string, std::set<StudentRef>, std::less<>> numbers_;
  std::map<std::string, std::set<StudentRef>, std::less<>> names_;
};

/// A table that says whose pictures files are, for cameras that number them: columns 文件 (or 文件名, 照片, file) and 学号 (or
/// 身份证号, 姓名), in whatever form read_table() takes; without a header the first two columns. Gives what stands in the second
/// for each file name without its ending. kRosterBad when a column is missing; as read_table() besides.
Result<std::map<std::string, std::string, std::less<>>> read_photo_table(ByteView file);

/// "a/b/IMG_0042.JPG" → "IMG_0042".
std::string_view photo_stem(std::string_view path);

/// A file name as it may be shown and logged: of a long number (eight digits and more, as 学号 and 身份证号 are) only the last
/// four characters are left: "*******0001.jpg".
std::string veiled_file_name(std::string_view name);

}  // namespace satchel::core
