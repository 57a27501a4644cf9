#include "node/code_check.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <map>

#include "core/campaign/csv_rows.h"
#include "core/campaign/natural_order.h"
#include "core/code/mask.h"
#include "node/arguments.h"
#include "node/desk.h"
#include "node/picture_files.h"
#include "node/scanning.h"
#include "node/two_at_a_time.h"
#include "node/visitors.h"

namespace satchel::node {

using core::Code;
using core::Error;
using core::Result;
namespace json = boost::json;

namespace {

struct Person {
  core::StudentRef student;
  std::string name;  ///< masked
  std::string class_name;
  bool last_term = false;
  bool waits = false;  ///< a picture is still to be taken
};

json::object person_document(const Person& person) {
  return {
      {"student", person.student.text()}, {"name", person.name}, {"class", person.class_name}, {"last_term", person.last_term}};
}

/// What became of one folder.
class Evening {
 public:
  Evening(Node& node, const Enrolled& all) : node_(node), all_(all) {}

  Result<void> read_roster() {
    return each_student(node_, all_, [&](const core::StudentState& state) -> Result<void> {
      if (!state.roster || state.roster->delisted) return {};
      people_[state.student] = {state.student, core::mask_name(state.roster->name), state.roster->class_name,
                                state.roster->last_term, core::lacks_picture(state.stage)};
      return {};
    });
  }

  Result<void> take(const std::string& file, const Result<CodePicture>& picture) {
    if (!picture) return refuse(file, error_item(picture.error()));
    if (picture->unread) return refuse(file, unread_item(*picture->unread));
    const auto holder = holder_of(node_, all_, picture->texts);
    if (!holder) {
      if (core::info(holder.error().code).exit == core::Exit::storage) return holder.error();
      return refuse(file, error_item(holder.error()));
    }
    return accept(file, *holder);
  }

  Answer answer(const std::string& folder, std::size_t pictures, std::size_t skipped) {
    Answer out;
    json::array missing;
    for (const Person& person : without_code()) missing.push_back(person_document(person));
    json::array duplicates;
    for (const auto& [student, files] : files_) {
      if (files.size() < 2) continue;
      duplicates.push_back(json::object{{"student", student.text()}, {"files", text_array(files)}});
    }
    if (!unusable_.empty() || !missing.empty()) out.exit = core::Exit::partial;
    out.body["schema"] = "satchel.code-check/1";
    out.body["folder"] = folder;
    out.body["pictures"] = pictures;
    out.body["skipped"] = skipped;
    out.body["students"] = people_.size();
    out.body["usable"] = usable_;
    out.body["unusable"] = unusable_;
    out.body["duplicates"] = std::move(duplicates);
    out.body["missing"] = std::move(missing);
    return out;
  }

  /// One row a picture, then one for each student without a usable code; students masked.
  std::string csv() const {
    const std::vector<std::string> heads{"文件", "结果", "代码", "原因", "怎么办", "学生编号", "姓名", "班级"};
    std::string out = std::string(core::kCsvMark) + core::csv_line(heads);
    const auto text = [](const json::object& from, const char* key) {
      const auto* value = from.if_contains(key);
      return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
    };
    for (const json::value& element : usable_) {
      const json::object& one = element.get_object();
      const std::vector<std::string> cells{text(one, "file"), "可用", "", "", "", text(one, "student"), text(one, "name"),
                                           text(one, "class")};
      out += core::csv_line(cells);
    }
    for (const json::value& element : unusable_) {
      const json::object& one = element.get_object();
      const std::vector<std::string> cells{
          text(one, "file"), "不可用", text(one, "code"), text(one, "zh"), text(one, "cure_zh"), "", "", ""};
      out += core::csv_line(cells);
    }
    for (const Person& person : without_code()) {
      const std::vector<std::string> cells{"", "缺采集码", "", "", "", person.student.text(), person.name, person.class_name};
      out += core::csv_line(cells);
    }
    return out;
  }

 private:
  Result<void> refuse(const std::string& file, json::object item) {
    json::object line{{"file", file}};
    for (auto& [key, value] : item) line[key] = std::move(value);
    unusable_.push_back(std::move(line));
    return {};
  }

  Result<void> accept(const std::string& file, const CodeHolder& holder) {
    const auto known = people_.find(holder.student);
    json::object line{{"file", file}, {"student", holder.student.text()}, {"name", core::mask_name(holder.name)}};
    if (known == people_.end()) {
      SATCHEL_TRY_ASSIGN(const auto entry, find_in_index(node_.store(), holder.student));
      if (!entry || entry->delisted) return refuse(file, error_item(Error{Code::kStudentUnknown, {}}));
    }
    line["class"] = known != people_.end() ? known->second.class_name : std::string();
    line["visitor"] = known == people_.end();
    line["foreign"] = holder.foreign;
    SATCHEL_TRY_ASSIGN(const auto state, all_.ledger->student(holder.student));
    if (code_expired(node_, all_, state)) line["warning"] = error_item(Error{Code::kCodeExpired, {}});
    usable_.push_back(std::move(line));
    files_[holder.student].push_back(file);
    return {};
  }

  /// Last terms first, then by class and reference.
  std::vector<Person> without_code() const {
    std::vector<Person> out;
    for (const auto& [student, person] : people_) {
      if (person.waits && !files_.contains(student)) out.push_back(person);
    }
    std::ranges::stable_sort(out, [](const Person& a, const Person& b) {
      if (a.last_term != b.last_term) return a.last_term;
      return core::natural_compare(a.class_name, b.class_name) < 0;
    });
    return out;
  }

  Node& node_;
  const Enrolled& all_;
  std::map<core::StudentRef, Person> people_;
  std::map<core::StudentRef, std::vector<std::string>> files_;
  json::array usable_;
  json::array unusable_;
};

}  // namespace

Result<Answer> check_codes(Node& node, const json::object& arguments, const Progress& progress) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.enrolled());
  SATCHEL_TRY_ASSIGN(const std::string folder, text_argument(arguments, "dir"));
  const std::string csv = optional_text(arguments, "csv");
  const core::Disk& disk = node.surroundings().disk;
  SATCHEL_TRY_ASSIGN(const FolderPictures files, pictures_in(disk, folder, folder));
  Evening evening{node, *all};
  SATCHEL_TRY(evening.read_roster());
  std::optional<Error> trouble;
  const std::function<Result<CodePicture>(std::size_t)> read = [&](std::size_t i) {
    return read_code_picture(disk, files.pictures[i].path);
  };
  const std::function<void(std::size_t, Result<CodePicture>)> take = [&](std::size_t i, const Result<CodePicture>& picture) {
    if (trouble) return;
    // As the folder has it: what stands before it is the same for all.
    const std::string name = files.pictures[i].shown.substr(folder.size() + 1);
    if (const auto taken = evening.take(name, picture); !taken) trouble = taken.error();
    if (progress && (i + 1) % 20 == 0) progress(json::object{{"phase", "codes"}, {"read", i + 1}, {"of", files.pictures.size()}});
  };
  two_at_a_time<Result<CodePicture>>(files.pictures.size(), read, take);
  if (trouble) return *trouble;
  Answer answer = evening.answer(folder, files.pictures.size(), files.skipped);
  if (!csv.empty()) {
    const std::string table = evening.csv();
    SATCHEL_TRY(node.surroundings().disk.write_atomic(csv, core::as_bytes(table)));
    answer.body["csv"] = csv;
  }
  return answer;
}

}  // namespace satchel::node
