#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/code/issue.h"
#include "core/code/unread.h"
#include "node/answer.h"
#include "node/node.h"

namespace satchel::node {

/// What stands in a picture of a code.
struct CodePicture {
  std::vector<std::string> texts;      ///< of its QR codes; empty when `unread` says why
  std::optional<core::Unread> unread;  ///< when none could be read
};
/// Reads a picture file; errors of the file and of decoding it. For any thread.
core::Result<CodePicture> read_code_picture(const core::Disk& disk, const std::string& path);
/// The error of an unread code, and in a document also its measures: "measures".
core::Error unread_error(const core::Unread& unread);
boost::json::object unread_item(const core::Unread& unread);

/// Whose a code is.
struct CodeHolder {
  core::StudentRef student;
  bool foreign = false;
  std::string name;       ///< of our code, or of the row; may be empty
  std::string id_number;  ///< likewise
};
/// The one student whose code is in the picture. Of ours: kCodeSeveral for codes of two students, kCodeRevoked, and if none
/// counts why the first does not. Of a foreign one: whom a person has matched it to; kForeignTwice when that were two, and
/// kCodeLink or kCodeForeign when nobody has.
core::Result<CodeHolder> holder_of(Node& node, const Enrolled& all, const std::vector<std::string>& texts);
/// Both of the above.
core::Result<CodeHolder> scan_code_file(Node& node, const Enrolled& all, const std::string& path);

/// The one foreign code in the picture: kCodeSeveral, kCodeOurs.
core::Result<std::string> foreign_code_file(const core::Disk& disk, const std::string& path);
/// The students to whom this foreign code was matched, but for matches that a person at the hub refused.
core::Result<std::vector<core::StudentRef>> matched_students(Node& node, const Enrolled& all, const core::Hash& digest);

/// By the clock the collection of this student's site is over: told, never a refusal.
bool code_expired(const Node& node, const Enrolled& all, const std::optional<core::StudentState>& state);

}  // namespace satchel::node
