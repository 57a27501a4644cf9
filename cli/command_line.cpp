#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json/array.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "cli/duration.h"
#include "cli/suggest.h"
#include "core/base/utf8.h"

namespace satchel::cli {
namespace {

struct Slot {
  const Parameter* parameter = nullptr;
  CLI::Option* option = nullptr;
  std::string one;
  std::vector<std::string> many;

  bool is_list() const { return parameter->kind == Kind::texts || parameter->kind == Kind::paths; }
  bool given() const { return option->count() > 0; }
};

struct Leaf {
  const Command* command = nullptr;
  CLI::App* app = nullptr;
  std::vector<std::unique_ptr<Slot>> slots;
};

/// CLI11 with our table in it. Each leaf and group knows the global options itself: CLI11's "fallthrough" would take a file whose
/// name is a command's for that command.
class Parser {
 public:
  Parser(Globals globals, const std::string& folder);
  ParsedLine parse(std::span<const std::string> words);

 private:
  void add_globals(CLI::App& app);
  CLI::App& group_of(const Command& command);
  void add_command(const Command& command);
  void add_parameter(Leaf& leaf, const Parameter& parameter);
  const Leaf* chosen() const;
  UsageProblem explain(const CLI::ParseError& error) const;
  UsageProblem with_suggestion(std::string problem, const std::string& word, std::span<const std::string> known) const;
  UsageProblem unknown_word(const std::string& word, const CLI::App& where) const;
  UsageProblem unknown_option(const std::string& word, const CLI::App& where) const;
  std::optional<UsageProblem> problem_of_globals() const;
  std::optional<UsageProblem> problem_of(const Leaf& leaf) const;
  std::optional<UsageProblem> problem_of(const Slot& slot) const;
  boost::json::object arguments_of(const Leaf& leaf) const;

  Globals globals_;
  Words words_;
  std::string folder_;
  std::string language_text_;
  std::vector<CLI::Option*> home_options_;
  CLI::App app_;
  std::vector<CLI::App*> groups_;
  std::vector<Leaf> leaves_;
};

Parser::Parser(Globals globals, const std::string& folder)
    : globals_(std::move(globals)), words_(globals_.language), folder_(folder), app_(words_(Phrase::help_program), "satchel") {
  app_.get_formatter()->label("Usage", words_(Phrase::help_usage));
  app_.get_formatter()->label("OPTIONS", words_(Phrase::help_options));
  app_.get_formatter()->label("SUBCOMMAND", words_(Phrase::help_commands));
  app_.get_formatter()->label("Positionals", words_(Phrase::help_arguments));
  app_.get_formatter()->label("REQUIRED", words_(Phrase::help_required));
  app_.get_formatter()->column_width(34);
  app_.require_subcommand(1);
  add_globals(app_);
  for (const Command& command : all_commands()) add_command(command);
}

void Parser::add_globals(CLI::App& app) {
  app.allow_extras();
  const std::string group = words_(Phrase::help_global);
  app.set_help_flag("-h,--help", words_(Phrase::help_help))->group(group);
  home_options_.push_back(app.add_option("--home", globals_.home, words_(Phrase::help_home)));
  home_options_.back()->type_name("DIR")->group(group);
  app.add_flag("--json", globals_.json, words_(Phrase::help_json))->group(group);
  app.add_option("--lang", language_text_, words_(Phrase::help_lang))->type_name("zh|en")->group(group);
  app.add_flag("--no-input", globals_.no_input, words_(Phrase::help_no_input))->group(group);
}

CLI::App& Parser::group_of(const Command& command) {
  const auto known = std::ranges::find(groups_, command.group, [](const CLI::App* app) { return app->get_name(); });
  if (known != groups_.end()) return **known;
  const auto group = std::ranges::find(all_groups(), command.group, &Group::word);
  SATCHEL_CHECK(group != all_groups().end());
  CLI::App* app = app_.add_subcommand(std::string(group->word), words_(group->help))->group(words_(Phrase::help_commands));
  app->require_subcommand(1);
  add_globals(*app);
  groups_.push_back(app);
  return *app;
}

void Parser::add_command(const Command& command) {
  CLI::App* parent = command.group.empty() ? &app_ : &group_of(command);
  Leaf leaf;
  leaf.command = &command;
  if (command.word.empty()) {
    leaf.app = parent->require_subcommand(0, 1);
  } else {
    leaf.app = parent->add_subcommand(std::string(command.word), words_(command.help))->group(words_(Phrase::help_commands));
    add_globals(*leaf.app);
  }
  for (const Parameter& parameter : command.parameters) add_parameter(leaf, parameter);
  leaves_.push_back(std::move(leaf));
}

void Parser::add_parameter(Leaf& leaf, const Parameter& parameter) {
  auto slot = std::make_unique<Slot>();
  slot->parameter = &parameter;
  const std::string name(parameter.name);
  const std::string help = words_(parameter.help);
  const bool by_position = !name.starts_with("-");
  if (parameter.kind == Kind::flag) {
    slot->option = leaf.app->add_flag(name, help);
  } else if (slot->is_list()) {
    slot->option = leaf.app->add_option(name, slot->many, help);
    // "--peer A --peer B", one value each: more would swallow what comes next.
    if (!by_position) slot->option->allow_extra_args(false);
  } else {
    slot->option = leaf.app->add_option(name, slot->one, help);
  }
  if (parameter.kind != Kind::flag) slot->option->type_name(std::string(parameter.value));
  slot->option->required(parameter.required && parameter.unless.empty())->group(words_(Phrase::help_options));
  leaf.slots.push_back(std::move(slot));
}

const Leaf* Parser::chosen() const {
  for (const Leaf& leaf : leaves_) {
    const bool deeper = !leaf.app->get_subcommands().empty();  // a group that is a command itself, and one of its own was said
    if (leaf.app->parsed() && !deeper) return &leaf;
  }
  return nullptr;
}

// "There is no command “stauts”. Did you mean “status”?"
UsageProblem Parser::with_suggestion(std::string problem, const std::string& word, std::span<const std::string> known) const {
  UsageProblem out{std::move(problem), nearest(word, known).value_or("")};
  if (out.suggestion.empty()) return out;
  if (words_.language() == Language::en) out.problem += " ";
  out.problem += words_(Phrase::usage_did_you_mean, {out.suggestion});
  return out;
}

UsageProblem Parser::unknown_word(const std::string& word, const CLI::App& where) const {
  std::vector<std::string> known;
  for (const CLI::App* app : where.get_subcommands({})) known.push_back(app->get_name());
  return with_suggestion(words_(Phrase::usage_unknown_command, {word}), word, known);
}

UsageProblem Parser::unknown_option(const std::string& word, const CLI::App& where) const {
  const std::string name = word.substr(0, word.find('='));
  std::vector<std::string> known;
  for (const CLI::Option* option : where.get_options()) {
    for (const std::string& long_name : option->get_lnames()) known.push_back("--" + long_name);
  }
  return with_suggestion(words_(Phrase::usage_unknown_option, {name}), name, known);
}

UsageProblem Parser::explain(const CLI::ParseError& error) const {
  const Leaf* leaf = chosen();
  if (error.get_name() == "ArgumentMismatch") {
    // A value is missing or doubled: CLI11 says "--out: …".
    const std::string said = error.what();
    return {words_(Phrase::usage_one_value, {said.substr(0, said.find_first_of(": "))}), ""};
  }
  if (leaf != nullptr) {
    if (auto problem = problem_of(*leaf)) return *problem;
  } else {
    const CLI::App* where = &app_;
    for (const CLI::App* group : groups_) {
      if (group->parsed()) where = group;
    }
    for (const std::string& word : where->remaining()) {
      return word.starts_with("-") ? unknown_option(word, *where) : unknown_word(word, *where);
    }
    if (error.get_name() == "RequiredError") return {words_(Phrase::usage_no_command), ""};
  }
  return {error.what(), ""};
}

std::optional<UsageProblem> Parser::problem_of_globals() const {
  if (!language_text_.empty() && !parse_language(language_text_)) return UsageProblem{words_(Phrase::usage_language), ""};
  for (const CLI::Option* home : home_options_) {
    // A script's unset variable must not quietly mean the default folder.
    if (home->count() > 0 && globals_.home.empty()) return UsageProblem{words_(Phrase::usage_empty, {"--home"}), ""};
  }
  return std::nullopt;
}

std::optional<UsageProblem> Parser::problem_of(const Leaf& leaf) const {
  std::vector<std::string> surplus = leaf.app->remaining();
  std::erase(surplus, "--");  // CLI11 leaves the mark behind which words are no options
  if (!surplus.empty()) {
    if (surplus.front().starts_with("-")) return unknown_option(surplus.front(), *leaf.app);
    return UsageProblem{words_(Phrase::usage_surplus), ""};
  }
  for (const auto& slot : leaf.slots) {
    const auto instead = [&](const auto& other) { return other->parameter->name == slot->parameter->unless && other->given(); };
    const bool needed = slot->parameter->required && std::ranges::none_of(leaf.slots, instead);
    if (needed && !slot->given()) {
      const std::string name(slot->parameter->name);
      return UsageProblem{words_(Phrase::usage_missing, {name}), ""};
    }
    if (auto problem = problem_of(*slot)) return problem;
  }
  return std::nullopt;
}

std::optional<UsageProblem> Parser::problem_of(const Slot& slot) const {
  if (!slot.given() || slot.parameter->kind == Kind::flag) return std::nullopt;
  const std::string_view name = slot.parameter->name;
  for (const std::string& value : slot.option->results()) {
    if (value.empty()) return UsageProblem{words_(Phrase::usage_empty, {name}), ""};
    if (!core::is_utf8(value)) return UsageProblem{words_(Phrase::usage_not_utf8, {name}), ""};
    if (slot.parameter->kind == Kind::duration && !parse_duration_s(value)) {
      return UsageProblem{words_(Phrase::usage_duration, {name}), ""};
    }
  }
  return std::nullopt;
}

boost::json::object Parser::arguments_of(const Leaf& leaf) const {
  boost::json::object out;
  for (const auto& slot : leaf.slots) {
    const std::string_view key = slot->parameter->key;
    if (slot->parameter->kind == Kind::flag) {
      out[key] = slot->given();
      continue;
    }
    if (!slot->given()) continue;
    if (slot->is_list()) {
      boost::json::array list;
      for (const std::string& value : slot->many) {
        list.emplace_back(slot->parameter->kind == Kind::paths ? absolute_path(value, folder_) : value);
      }
      out[key] = std::move(list);
    } else if (slot->parameter->kind == Kind::duration) {
      out[key] = parse_duration_s(slot->one).value_or(0);
    } else {
      out[key] = slot->parameter->kind == Kind::path ? absolute_path(slot->one, folder_) : slot->one;
    }
  }
  return out;
}

ParsedLine Parser::parse(std::span<const std::string> words) {
  std::optional<UsageProblem> problem;
  try {
    app_.parse(std::vector<std::string>(words.rbegin(), words.rend()));  // CLI11 wants the words last first
    const Leaf* leaf = chosen();
    SATCHEL_CHECK(leaf != nullptr);  // require_subcommand
    std::vector<std::string> strays = app_.remaining();
    std::erase(strays, "--");
    if (!strays.empty()) {
      problem = strays.front().starts_with("-") ? unknown_option(strays.front(), app_) : unknown_word(strays.front(), app_);
    } else {
      problem = problem_of(*leaf);
    }
    if (!problem) problem = problem_of_globals();
    if (!problem) return {globals_, Invocation{leaf->command, arguments_of(*leaf)}};
  } catch (const CLI::CallForHelp&) {
    return {globals_, Help{app_.help()}};
  } catch (const CLI::ParseError& error) {
    problem = explain(error);
  }
  return {globals_, *problem};
}

// What decides how a problem is told, read before the line is parsed, and so also when it cannot be.
Globals first_look(std::span<const std::string> words, const Environment& environment) {
  Globals out;
  out.language = language_of(environment);
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    std::optional<Language> language;
    if (words[i] == "--json") out.json = true;
    if (words[i] == "--lang" && i + 1 < words.size()) language = parse_language(words[i + 1]);
    if (words[i].starts_with("--lang=")) language = parse_language(std::string_view(words[i]).substr(7));
    if (language) out.language = *language;
  }
  return out;
}

}  // namespace

ParsedLine parse_command_line(std::span<const std::string> words, const Environment& environment, const std::string& folder) {
  Parser parser(first_look(words, environment), folder);
  return parser.parse(words);
}

std::string absolute_path(const std::string& path, const std::string& folder) {
  std::string out = (std::filesystem::path(folder) / path).lexically_normal().string();
  while (out.size() > 1 && out.back() == '/') out.pop_back();
  return out;
}

core::Result<std::string> home_folder(const Globals& globals, const Environment& environment, const std::string& folder) {
  const auto set = [&](const char* name) { return environment(name).value_or(""); };
  if (!globals.home.empty()) return absolute_path(globals.home, folder);
  if (const std::string home = set("SATCHEL_HOME"); !home.empty()) return absolute_path(home, folder);
  if (const std::string data = set("XDG_DATA_HOME"); data.starts_with("/")) return absolute_path(data + "/satchel", folder);
  if (const std::string user = set("HOME"); user.starts_with("/")) return absolute_path(user + "/.local/share/satchel", folder);
  return core::Error{core::Code::kUsage, Words(globals.language)(Phrase::usage_home)};
}

}  // namespace satchel::cli
