#include <algorithm>
#include <array>
#include <vector>

#include "cli/document.h"
#include "cli/render_parts.h"
#include "cli/table.h"
#include "cli/text.h"

// "Where is each student's picture, provably?" What is at the hub is told from its signed receipt alone.
namespace satchel::cli {
namespace {

using boost::json::object;

constexpr std::array kLaneNames{"control", "record", "photo", "original"};

struct Counts {
  std::uint64_t eligible = 0;
  std::uint64_t drafted = 0;
  std::uint64_t submitted = 0;
  std::uint64_t approved = 0;
  std::uint64_t rejected = 0;
  std::uint64_t exported = 0;
  std::uint64_t waiting = 0;            ///< bundles
  std::uint64_t originals_waiting = 0;  ///< of them
};

std::uint64_t less(std::uint64_t a, std::uint64_t b) { return a > b ? a - b : 0; }

Counts counts_of(const object& answer) {
  static const object kNone;
  const object* students = object_of(answer, "students");
  const object& in = students != nullptr ? *students : kNone;
  Counts out{count_of(in, "eligible"),
             count_of(in, "drafted"),
             count_of(in, "submitted"),
             count_of(in, "approved"),
             count_of(in, "rejected"),
             count_of(in, "exported"),
             0};
  if (const object* waiting = object_of(answer, "waiting")) {
    for (const char* lane : kLaneNames) {
      if (const object* one = object_of(*waiting, lane)) out.waiting += count_of(*one, "bundles");
    }
    if (const object* originals = object_of(*waiting, kLaneNames.back())) {
      out.originals_waiting = count_of(*originals, "bundles");
    }
  }
  return out;
}

std::string section(const std::string& head, const std::string& body, const View& view) {
  return view.data.strong(head) + "\n" + body;
}

std::string count_table(const object& students, std::initializer_list<std::pair<Phrase, const char*>> rows, const View& view) {
  Table table({{""}, {"", Table::Align::right}});
  // One width for all sections, so that the numbers of the whole page stand under each other.
  std::size_t width = 0;
  for (const Phrase phrase : {Phrase::status_eligible, Phrase::status_drafted, Phrase::status_submitted, Phrase::status_stored,
                              Phrase::status_opened, Phrase::status_approved, Phrase::status_rejected}) {
    width = std::max(width, display_width(view.words(phrase)));
  }
  for (const auto& [phrase, key] : rows) {
    table.row({padded(view.words(phrase), width), padded_left(std::to_string(count_of(students, key)), 7)});
  }
  return table.text(view.data, 2);
}

std::string waiting_table(const object& answer, const View& view) {
  const Words& w = view.words;
  const object* waiting = object_of(answer, "waiting");
  Table table(
      {{w(Phrase::head_lane)}, {w(Phrase::head_bundles), Table::Align::right}, {w(Phrase::head_size), Table::Align::right}});
  std::uint64_t bundles = 0;
  std::uint64_t bytes = 0;
  for (const char* lane : kLaneNames) {
    const object* one = waiting != nullptr ? object_of(*waiting, lane) : nullptr;
    if (one == nullptr || count_of(*one, "bundles") == 0) continue;
    bundles += count_of(*one, "bundles");
    bytes += count_of(*one, "bytes");
    table.row({w.lane(lane), std::to_string(count_of(*one, "bundles")), size_text(count_of(*one, "bytes"))});
  }
  if (table.empty()) return "  " + w(Phrase::status_none_waiting) + "\n";
  table.row({w(Phrase::status_total), std::to_string(bundles), size_text(bytes)});
  return table.text(view.data, 2);
}

std::string sites_table(const boost::json::array& sites, const View& view) {
  const Words& w = view.words;
  Table table({{w(Phrase::head_number), Table::Align::right},
               {w(Phrase::head_site)},
               {w(Phrase::head_eligible), Table::Align::right},
               {w(Phrase::head_submitted_count), Table::Align::right},
               {w(Phrase::head_receipted), Table::Align::right},
               {w(Phrase::head_approved), Table::Align::right}});
  for (const boost::json::value& element : sites) {
    const object* site = element.if_object();
    if (site == nullptr) continue;
    const auto count = [&](const char* key) { return std::to_string(count_of(*site, key)); };
    table.row({count("number"), text_of(*site, "name"), count("eligible"), count("submitted"), count("stored_at_hub"),
               count("approved")});
  }
  return table.text(view.data, 2);
}

Phrase hub_mark(const object& student) {
  if (flag_of(student, "opened_at_hub")) return Phrase::mark_opened;
  return flag_of(student, "stored_at_hub") ? Phrase::mark_stored : Phrase::mark_waiting;
}

std::string student_table(const boost::json::array& students, const View& view) {
  const Words& w = view.words;
  if (students.empty()) return "  " + w(Phrase::status_list_none) + "\n";
  Table table({{w(Phrase::head_student)},
               {w(Phrase::head_name)},
               {w(Phrase::head_site)},
               {w(Phrase::head_class)},
               {w(Phrase::head_stage)},
               {w(Phrase::head_hub)},
               {w(Phrase::head_remarks)}});
  for (const boost::json::value& element : students) {
    const object* one = element.if_object();
    if (one == nullptr) continue;
    std::string remark = text_of(*one, w.pick("reason_zh", "reason_en"));
    if (remark.empty()) remark = text_of(*one, "reason");
    if (flag_of(*one, "unlocked")) remark = w(Phrase::status_unlocked);
    for (const std::string& more : {text_of(*one, w.pick("cure_zh", "cure_en")), text_of(*one, "note")}) {
      if (!more.empty()) remark += (remark.empty() ? "" : " → ") + more;
    }
    const std::string at_hub = flag_of(*one, "submitted") ? w(hub_mark(*one)) : std::string();
    table.row({text_of(*one, "student"), text_of(*one, "name"), text_of(*one, "site"), text_of(*one, "class"),
               w.stage(text_of(*one, "stage")), at_hub, remark});
  }
  return table.text(view.data, 2);
}

std::vector<std::string> hub_steps(const Counts& n, const Words& w) {
  std::vector<std::string> out;
  const auto number = [](std::uint64_t value) { return std::to_string(value); };
  if (n.eligible == 0) out.push_back(w(Phrase::next_roster));
  const std::uint64_t undecided = less(n.submitted, n.approved + n.rejected);
  if (undecided > 0) out.push_back(w(Phrase::next_review, {number(undecided)}));
  if (n.waiting > 0) out.push_back(w(Phrase::next_send_news));
  if (const std::uint64_t missing = less(n.eligible, n.submitted); missing > 0) {
    out.push_back(w(Phrase::next_missing, {number(missing)}));
  }
  if (n.approved > n.exported) out.push_back(w(Phrase::next_export, {number(n.approved - n.exported)}));
  return out;
}

std::vector<std::string> site_steps(const Counts& n, const Words& w) {
  std::vector<std::string> out;
  const auto number = [](std::uint64_t value) { return std::to_string(value); };
  if (n.eligible == 0) return {w(Phrase::next_first_sync)};
  if (n.rejected > 0) out.push_back(w(Phrase::next_retake, {number(n.rejected)}));
  if (const auto open = less(n.eligible, n.drafted); open > 0) out.push_back(w(Phrase::next_capture, {number(open)}));
  if (const auto kept = less(n.drafted, n.submitted); kept > 0) out.push_back(w(Phrase::next_submit, {number(kept)}));
  if (n.waiting > 0 && n.waiting == n.originals_waiting) {
    out.push_back(w(Phrase::next_send_originals, {number(n.waiting)}));
  } else if (n.waiting > 0) {
    out.push_back(w(Phrase::next_send, {number(n.waiting)}));
  } else if (less(n.submitted, n.approved + n.rejected) > 0) {
    out.push_back(w(Phrase::next_wait));
  }
  return out;
}

std::string steps_text(const std::string& role, const Counts& counts, const View& view) {
  std::vector<std::string> steps;
  if (role == "hub") {
    steps = hub_steps(counts, view.words);
  } else if (role == "relay") {
    steps.push_back(view.words(Phrase::next_carry));
  } else {
    steps = site_steps(counts, view.words);
  }
  if (steps.empty()) steps.push_back(view.words(Phrase::next_nothing));
  std::string out;
  for (const std::string& step : steps) out += "  " + next_step(step);
  return out;
}

std::string receipt_line(const object& answer, const Words& w) {
  const object* receipt = object_of(answer, "last_receipt");
  if (receipt == nullptr) return w(Phrase::status_no_receipt) + "\n";
  return w(Phrase::status_receipt, {local_time_text(text_of(*receipt, "received"))}) + "\n";
}

}  // namespace

Rendered render_status(const object& answer, const View& view) {
  const Words& w = view.words;
  const object* node = object_of(answer, "node");
  const std::string role = node != nullptr ? text_of(*node, "role") : std::string();
  Rendered out;
  if (node != nullptr) out.data = view.data.strong(w(Phrase::status_node, {w.role(role), text_of(*node, "name")})) + "\n";
  if (answer.contains("list")) {
    const boost::json::array& list = list_of(answer, "list");
    const std::string head = w(Phrase::status_list, {std::to_string(list.size())});
    out.data += section(head, student_table(list, view), view) + (role == "hub" ? "" : receipt_line(answer, w));
    return out;
  }
  // A relay has no students: a table of zeros would only puzzle.
  if (const object* students = object_of(answer, "students"); students != nullptr && role != "relay") {
    out.data += section(
        w(Phrase::status_here),
        count_table(
            *students,
            {{Phrase::status_eligible, "eligible"}, {Phrase::status_drafted, "drafted"}, {Phrase::status_submitted, "submitted"}},
            view),
        view);
    out.data += section(w(Phrase::status_at_hub),
                        count_table(*students,
                                    {{Phrase::status_stored, "stored_at_hub"},
                                     {Phrase::status_opened, "opened_at_hub"},
                                     {Phrase::status_approved, "approved"},
                                     {Phrase::status_rejected, "rejected"}},
                                    view),
                        view);
  }
  if (role != "hub") out.data += receipt_line(answer, w);
  out.data += section(w(role == "hub" ? Phrase::status_waiting_hub : Phrase::status_waiting), waiting_table(answer, view), view);
  if (const object* carrying = object_of(answer, "carrying"); carrying != nullptr && count_of(*carrying, "bundles") > 0) {
    const std::string bundles = std::to_string(count_of(*carrying, "bundles"));
    out.data += w(Phrase::status_carrying, {bundles, size_text(count_of(*carrying, "bytes"))}) + "\n";
  }
  if (const boost::json::array& sites = list_of(answer, "sites"); !sites.empty()) {
    out.data += section(w(Phrase::status_sites), sites_table(sites, view), view);
  }
  if (node != nullptr && flag_of(*node, "revoked")) out.data += view.data.bad(w(Phrase::status_revoked)) + "\n";
  if (object_of(answer, "set_back") != nullptr) out.data += view.data.bad(w(Phrase::status_set_back)) + "\n";
  if (const std::uint64_t aside = count_of(answer, "quarantined"); aside > 0) {
    out.data += view.data.warn(w(Phrase::status_aside, {std::to_string(aside)})) + "\n";
  }
  if (const boost::json::array& twice = list_of(answer, "written_twice"); !twice.empty()) {
    std::string names;
    for (const boost::json::value& one : twice) {
      const std::string name = one.is_object() ? text_of(one.get_object(), "name") : std::string();
      if (names.find(name) == std::string::npos) names += (names.empty() ? "" : ", ") + name;
    }
    out.data += view.data.bad(w(Phrase::status_twice, {std::to_string(twice.size()), names})) + "\n";
  }
  out.data += section(w(Phrase::status_next), steps_text(role, counts_of(answer), view), view);
  return out;
}

}  // namespace satchel::cli
