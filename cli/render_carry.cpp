#include <array>

#include "cli/document.h"
#include "cli/render_parts.h"
#include "cli/table.h"
#include "cli/text.h"
#include "core/base/codes.h"

// What travels: links, sticks, and the walk over all that is stored.
namespace satchel::cli {
namespace {

constexpr std::array kLaneNames{"control", "record", "photo", "original"};

// Whole seconds, or tenths below ten.
std::string seconds_text(double seconds) {
  const auto tenths = static_cast<std::uint64_t>(seconds > 0 ? seconds * 10 + 0.5 : 0);
  return tenths < 100 ? std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) : std::to_string(tenths / 10);
}

std::uint64_t lane_count(const boost::json::object& answer, const char* key, const char* lane) {
  const boost::json::object* lanes = object_of(answer, key);
  return lanes != nullptr ? count_of(*lanes, lane) : 0;
}

std::uint64_t all_lanes(const boost::json::object& answer, const char* key) {
  std::uint64_t sum = 0;
  for (const char* lane : kLaneNames) sum += lane_count(answer, key, lane);
  return sum;
}

std::string error_list(const boost::json::array& items, const char* where, const View& view) {
  std::string out;
  for (const boost::json::value& element : items) {
    const boost::json::object* item = element.if_object();
    if (item == nullptr) continue;
    std::string what = text_of(*item, where);
    if (item->contains("offset")) what = view.words(Phrase::at_offset, {what, std::to_string(count_of(*item, "offset"))});
    out += error_lines(*item, what, view.words, view.data);
  }
  return out;
}

Phrase outcome_phrase(const std::string& outcome) {
  if (outcome == "done") return Phrase::sync_done;
  return outcome == "unreachable" ? Phrase::sync_unreachable : Phrase::sync_partial;
}

}  // namespace

Rendered render_sync(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  const std::string outcome = text_of(answer, "outcome");
  Rendered out;
  const std::string head = w(outcome_phrase(outcome), {text_of(answer, "peer"), seconds_text(number_of(answer, "seconds"))});
  out.data = (outcome == "done" ? view.data.good(head) : view.data.warn(head)) + "\n";
  if (const boost::json::object* error = object_of(answer, "error"); error != nullptr) {
    out.talk = error_lines(*error, "", w, view.talk);
  }
  if (outcome == "unreachable") return out;
  out.data +=
      w(Phrase::sync_bytes, {size_text(count_of(answer, "sent_bytes")), size_text(count_of(answer, "received_bytes"))}) + "\n";
  Table table(
      {{w(Phrase::head_lane)}, {w(Phrase::head_sent), Table::Align::right}, {w(Phrase::head_received), Table::Align::right}});
  for (const char* lane : kLaneNames) {
    const std::uint64_t sent = lane_count(answer, "bundles_sent", lane);
    const std::uint64_t received = lane_count(answer, "bundles_received", lane);
    if (sent + received > 0) table.row({w.lane(lane), std::to_string(sent), std::to_string(received)});
  }
  if (!table.empty()) out.data += table.text(view.data, 2);
  if (answer.contains("waiting")) {
    const std::uint64_t waiting = count_of(answer, "waiting");
    out.data += (waiting > 0 ? w(Phrase::sync_waiting, {std::to_string(waiting)}) : w(Phrase::sync_all_receipted)) + "\n";
  }
  if (const boost::json::object* held = object_of(answer, "originals_held"); held != nullptr && count_of(*held, "bundles") > 0) {
    const std::string number = std::to_string(count_of(*held, "bundles"));
    out.data += view.data.warn(w(Phrase::sync_originals_held, {number, size_text(count_of(*held, "bytes"))})) + "\n";
  }
  const boost::json::array& refused = list_of(answer, "refused");
  if (!refused.empty()) {
    out.data +=
        view.data.bad(w(Phrase::sync_refused, {std::to_string(refused.size())})) + "\n" + error_list(refused, "bundle", view);
  }
  return out;
}

Rendered render_stick(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  const std::string bundles = std::to_string(all_lanes(answer, "bundles"));
  Rendered out;
  if (text_of(answer, "action") == "write") {
    out.data = w(Phrase::stick_written,
                 {bundles, size_text(count_of(answer, "bytes")), std::to_string(count_of(answer, "already_there"))}) +
               "\n";
    // 可以拔出: said only when the node has read everything back.
    out.data +=
        (flag_of(answer, "safe_to_remove") ? view.data.good(w(Phrase::stick_safe)) : view.data.bad(w(Phrase::stick_unsafe))) +
        "\n";
    return out;
  }
  out.data = w(Phrase::stick_taken, {bundles, std::to_string(count_of(answer, "already_here"))}) + "\n";
  if (flag_of(answer, "receipt")) out.data += w(Phrase::stick_receipt) + "\n";
  const boost::json::object* no_room = object_of(answer, "no_room");
  if (no_room != nullptr && count_of(*no_room, "others") > 0) {
    out.data += w(Phrase::stick_no_room, {std::to_string(count_of(*no_room, "others"))}) + "\n";
  }
  if (const boost::json::object* error = object_of(answer, "error")) out.talk = error_lines(*error, "", w, view.talk);
  const boost::json::array& damaged = list_of(answer, "damaged");
  if (!damaged.empty()) {
    out.data +=
        view.data.bad(w(Phrase::stick_damaged, {std::to_string(damaged.size())})) + "\n" + error_list(damaged, "file", view);
  }
  return out;
}

Rendered render_verify(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  const auto count = [&](const char* key) { return std::to_string(count_of(answer, key)); };
  Rendered out;
  out.data = w(Phrase::verify_done, {count("bundles"), count("records"), count("blobs")}) + "\n";
  const boost::json::array& faults = list_of(answer, "faults");
  if (faults.empty()) {
    out.data += view.data.good(w(Phrase::verify_clean)) + "\n";
  } else {
    out.data +=
        view.data.bad(w(Phrase::verify_faults, {std::to_string(faults.size())})) + "\n" + error_list(faults, "where", view);
  }
  return out;
}

}  // namespace satchel::cli
