#pragma once

#include <toml++/toml.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "core/campaign/profile_faults.h"

namespace satchel::core {

/// Reads one table of a profile, key by key. Whatever is wrong is gathered in `faults`, and its value stays what it was: so one
/// reading finds all mistakes.
class Section {
 public:
  /// `path` is "" for the whole file, else "picture." and the like. `table` may be null: then nothing is set.
  Section(const toml::table* table, std::string path, ProfileFaults& faults)
      : table_(table), path_(std::move(path)), faults_(faults) {}

  void text(std::string_view key, std::string& out, std::size_t max, bool required = false);
  /// As text(), and line breaks are allowed.
  void prose(std::string_view key, std::string& out, std::size_t max);
  void whole(std::string_view key, int& out, int low, int high);
  void number(std::string_view key, double& out, double low, double high, bool must_be_whole);
  void yes_no(std::string_view key, bool& out);
  void moment(std::string_view key, WallMs& out);
  /// "08:00" as minutes since midnight; "24:00" is the day's end.
  void hour(std::string_view key, int& out);
  void texts(std::string_view key, std::vector<std::string>& out, std::size_t max);
  /// One of `words`; gives its place, or `otherwise` when the key is not there or wrong.
  std::size_t word(std::string_view key, std::span<const std::string_view> words, std::size_t otherwise);

  /// The list under `key`, or nullptr when it is not there.
  const toml::array* list(std::string_view key);
  const toml::table* table(std::string_view key);
  /// The tables of [[key]].
  std::vector<const toml::table*> sections(std::string_view key);
  bool has(std::string_view key) const { return table_ != nullptr && table_->contains(key); }
  const toml::node* node(std::string_view key) const { return table_ == nullptr ? nullptr : table_->get(key); }

  /// Everything in the table that was never asked for is a slip of the pen.
  void refuse_unknown();

  /// `node` tells the line; without one it is the table's.
  void fail(const toml::node* node, std::string_view key, ProfileFaultKind kind, std::string first = {}, std::string second = {});

 private:
  const toml::node* find(std::string_view key);
  void plain(std::string_view key, std::string& out, std::size_t max, bool lines, bool required);

  const toml::table* table_;
  std::string path_;
  ProfileFaults& faults_;
  std::vector<std::string_view> known_;
};

/// 1.5 as "1.5", 3.0 as "3".
std::string number_text(double value);

}  // namespace satchel::core
