#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "cli/language.h"

namespace satchel::cli {

/// Every phrase that the command line says by itself (what an error means stands in core/base/codes.def). One line each in
/// words.def, in both languages.
enum class Phrase : std::uint16_t {
#define SATCHEL_PHRASE(name, zh, en) name,
#include "cli/words.def"
#undef SATCHEL_PHRASE
};

struct PhraseText {
  Phrase phrase;
  std::string_view name;
  std::string_view zh;
  std::string_view en;
};
/// All of them, in order of declaration.
std::span<const PhraseText> all_phrases() noexcept;

/// The phrases in one language.
class Words {
 public:
  explicit Words(Language language) noexcept : language_(language) {}
  Language language() const noexcept { return language_; }
  /// The phrase with {0}, {1}, … replaced by the arguments, which are made plain first (text.h).
  std::string operator()(Phrase phrase, std::initializer_list<std::string_view> arguments = {}) const;
  /// The better of two texts that stand in both languages elsewhere.
  std::string_view pick(std::string_view zh, std::string_view en) const noexcept { return language_ == Language::zh ? zh : en; }

  /// Names that answers use for stages, lanes and roles, in words; a name that we do not know is returned plain.
  std::string stage(std::string_view name) const;
  std::string lane(std::string_view name) const;
  std::string role(std::string_view name) const;
  std::string grade(std::string_view name) const;
  /// What a reviewer is warned of ("conflict"): names of the members of core::StudentFlags.
  std::string flag(std::string_view name) const;

 private:
  Language language_;
};

}  // namespace satchel::cli
