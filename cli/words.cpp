#include "cli/words.h"

#include <array>
#include <utility>

#include "cli/text.h"

namespace satchel::cli {
namespace {

constexpr std::array kPhrases{
#define SATCHEL_PHRASE(name, zh, en) PhraseText{Phrase::name, #name, zh, en},
#include "cli/words.def"
#undef SATCHEL_PHRASE
};

using Named = std::pair<std::string_view, Phrase>;

template <std::size_t N>
std::string named(const Words& words, const std::array<Named, N>& names, std::string_view name) {
  for (const auto& [known, phrase] : names) {
    if (known == name) return words(phrase);
  }
  return plain(name);
}

}  // namespace

std::span<const PhraseText> all_phrases() noexcept { return kPhrases; }

std::string Words::operator()(Phrase phrase, std::initializer_list<std::string_view> arguments) const {
  const PhraseText& entry = kPhrases[static_cast<std::size_t>(phrase)];
  const std::string_view text = pick(entry.zh, entry.en);
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool slot =
        text[at] == '{' && at + 2 < text.size() && text[at + 2] == '}' && text[at + 1] >= '0' && text[at + 1] <= '9';
    if (!slot) {
      out.push_back(text[at]);
      continue;
    }
    const auto index = static_cast<std::size_t>(text[at + 1] - '0');
    if (index < arguments.size()) out += plain(arguments.begin()[index]);
    at += 2;
  }
  return out;
}

std::string Words::stage(std::string_view name) const {
  static constexpr std::array kNames{
      Named{"unknown", Phrase::stage_unknown},     Named{"eligible", Phrase::stage_eligible},
      Named{"captured", Phrase::stage_captured},   Named{"drafted", Phrase::stage_drafted},
      Named{"submitted", Phrase::stage_submitted}, Named{"approved", Phrase::stage_approved},
      Named{"rejected", Phrase::stage_rejected},   Named{"exported", Phrase::stage_exported},
      Named{"exempt", Phrase::stage_exempt},       Named{"delisted", Phrase::stage_delisted},
      Named{"proofed", Phrase::stage_proofed},     Named{"delivered", Phrase::stage_delivered},
      Named{"purged", Phrase::stage_purged},
  };
  return named(*this, kNames, name);
}

std::string Words::lane(std::string_view name) const {
  static constexpr std::array kNames{Named{"control", Phrase::lane_control}, Named{"record", Phrase::lane_record},
                                     Named{"photo", Phrase::lane_photo}, Named{"original", Phrase::lane_original}};
  return named(*this, kNames, name);
}

std::string Words::role(std::string_view name) const {
  static constexpr std::array kNames{Named{"hub", Phrase::role_hub}, Named{"site", Phrase::role_site},
                                     Named{"relay", Phrase::role_relay}};
  return named(*this, kNames, name);
}

std::string Words::grade(std::string_view name) const {
  static constexpr std::array kNames{Named{"pass", Phrase::grade_pass}, Named{"advice", Phrase::grade_advice},
                                     Named{"fail", Phrase::grade_fail}, Named{"unknown", Phrase::grade_unknown}};
  return named(*this, kNames, name);
}

std::string Words::flag(std::string_view name) const {
  static constexpr std::array kNames{
      Named{"conflict", Phrase::flag_conflict},
      Named{"verdict_conflict", Phrase::flag_verdict_conflict},
      Named{"foreign_decision", Phrase::flag_foreign_decision},
      Named{"unusable_submission", Phrase::flag_unusable_submission},
      Named{"capture_missing", Phrase::flag_capture_missing},
      Named{"submitted_while_closed", Phrase::flag_submitted_while_closed},
      Named{"over_attempts", Phrase::flag_over_attempts},
      Named{"outside_window", Phrase::flag_outside_window},
      Named{"window_unclear", Phrase::flag_window_unclear},
      Named{"outside_hours", Phrase::flag_outside_hours},
      Named{"code_disputed", Phrase::flag_code_disputed},
  };
  return named(*this, kNames, name);
}

}  // namespace satchel::cli
