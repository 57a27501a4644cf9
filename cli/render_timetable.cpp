#include "cli/document.h"
#include "cli/render_parts.h"
#include "cli/table.h"
#include "cli/text.h"

// The timetable, and who is next.
namespace satchel::cli {
namespace {

std::string notes_table(const boost::json::array& notes, const View& view) {
  const Words& w = view.words;
  Table table({{w(Phrase::head_line), Table::Align::right}, {w(Phrase::head_reason)}, {""}, {w(Phrase::head_cure)}});
  for (const boost::json::value& element : notes) {
    if (const boost::json::object* one = element.if_object()) {
      table.row({std::to_string(count_of(*one, "line")), sentence_of(*one, w), text_of(*one, "shown"), cure_of(*one, w)});
    }
  }
  return table.text(view.data, 2);
}

/// "15:46" of a local time.
std::string hour_of(const boost::json::object& slot, const char* key) {
  const std::string text = local_time_text(text_of(slot, key));
  return text.size() > 11 ? text.substr(11) : text;
}

std::string why_word(const std::string& why, const Words& w) {
  if (why == "must_retake") return w(Phrase::queue_must_retake);
  if (why == "last_term") return w(Phrase::queue_last_term);
  if (why == "slot") return w(Phrase::queue_slot);
  if (why == "rejected") return w(Phrase::queue_rejected);
  return {};
}

}  // namespace

Rendered render_timetable_import(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out;
  if (flag_of(answer, "dry_run")) out.data = view.data.warn(w(Phrase::roster_dry_run)) + "\n";
  out.data +=
      w(Phrase::timetable_done, {std::to_string(count_of(answer, "slots")), std::to_string(count_of(answer, "classes"))}) + "\n";
  if (const auto& refused = list_of(answer, "refused"); !refused.empty()) {
    out.data += view.data.bad(w(Phrase::timetable_refused)) + "\n" + notes_table(refused, view);
  }
  if (const auto& repairs = list_of(answer, "repairs"); !repairs.empty()) {
    out.data += view.data.warn(w(Phrase::timetable_repairs)) + "\n" + notes_table(repairs, view);
  }
  const std::string comma(w.pick("、", ", "));
  if (const auto& unknown = list_of(answer, "unknown_classes"); !unknown.empty()) {
    out.data += view.data.warn(w(Phrase::timetable_unknown, {joined(unknown, comma)})) + "\n";
  }
  if (const auto& without = list_of(answer, "classes_without_slot"); !without.empty()) {
    out.data += view.data.warn(w(Phrase::timetable_without, {joined(without, comma)})) + "\n";
  }
  return out;
}

Rendered render_timetable(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  const boost::json::array& slots = list_of(answer, "slots");
  if (slots.empty()) return {w(Phrase::timetable_none) + "\n", {}};
  Table table({{w(Phrase::head_room)},
               {w(Phrase::head_from)},
               {w(Phrase::head_until)},
               {w(Phrase::head_class)},
               {w(Phrase::head_missing), Table::Align::right},
               {w(Phrase::head_state)}});
  for (const boost::json::value& element : slots) {
    const boost::json::object* one = element.if_object();
    if (one == nullptr) continue;
    const std::string name = text_of(*one, "class");
    const std::string missing = one->contains("missing")
                                    ? std::to_string(count_of(*one, "missing")) + "/" + std::to_string(count_of(*one, "students"))
                                    : std::string();
    table.row({text_of(*one, "room"), local_time_text(text_of(*one, "from")), hour_of(*one, "until"),
               name.empty() ? w(Phrase::slot_open) : name, missing, w(window_phrase(text_of(*one, "state")))});
  }
  return {table.text(view.data), {}};
}

Rendered render_queue(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out;
  const std::string waiting = std::to_string(count_of(answer, "waiting"));
  out.data = w(flag_of(answer, "recollect") ? Phrase::queue_recollect : Phrase::queue_waiting, {waiting}) + "\n";
  if (const auto& classes = list_of(answer, "present_classes"); !classes.empty()) {
    out.data += w(Phrase::queue_present, {joined(classes, w.pick("、", ", "))}) + "\n";
  }
  Table table({{w(Phrase::head_student)},
               {w(Phrase::head_name)},
               {w(Phrase::head_class)},
               {w(Phrase::head_stage)},
               {w(Phrase::head_remarks)},
               {w(Phrase::head_cure)}});
  for (const boost::json::value& element : list_of(answer, "queue")) {
    const boost::json::object* one = element.if_object();
    if (one == nullptr) continue;
    std::string remark = why_word(text_of(*one, "why"), w);
    const auto add = [&](const std::string& text) {
      if (!text.empty()) remark += (remark.empty() ? "" : w.pick("；", "; ").data()) + text;
    };
    if (one->contains("reason")) add(sentence_of(*one, w));
    if (const std::string until = text_of(*one, "until"); !until.empty()) add(w(Phrase::lock_text, {local_time_text(until)}));
    table.row({text_of(*one, "student"), text_of(*one, "name"), text_of(*one, "class"), w.stage(text_of(*one, "stage")), remark,
               one->contains("reason") ? cure_of(*one, w) : std::string()});
  }
  if (!table.empty()) out.data += table.text(view.data, 2);
  if (const std::string from = text_of(answer, "recollect_from"); !from.empty()) {
    out.talk =
        next_step(w(Phrase::queue_recollect_when, {local_time_text(from), local_time_text(text_of(answer, "recollect_until"))}));
  }
  return out;
}

}  // namespace satchel::cli
