#include <cmath>

#include "cli/document.h"
#include "cli/render_parts.h"
#include "cli/table.h"
#include "cli/text.h"

// Folders of pictures, and the standard picture of one.
namespace satchel::cli {
namespace {

constexpr std::size_t kShownMost = 40;  // lines that still can be read through; the table has all

std::string percent(double share) { return std::to_string(std::llround(share * 100)) + " %"; }

std::string reasons_table(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  const auto all = static_cast<double>(std::max<std::uint64_t>(1, count_of(answer, "pictures")));
  Table table({{w(Phrase::head_reason)},
               {w(Phrase::head_refused), Table::Align::right},
               {w(Phrase::head_share), Table::Align::right},
               {w(Phrase::head_cumulative), Table::Align::right},
               {w(Phrase::head_advised), Table::Align::right},
               {""}});
  for (const boost::json::value& element : list_of(answer, "reasons")) {
    const boost::json::object* reason = element.if_object();
    if (reason == nullptr) continue;
    const std::uint64_t failed = count_of(*reason, "failed");
    table.row({text_of(*reason, "code"), std::to_string(failed), percent(static_cast<double>(failed) / all),
               failed > 0 ? percent(number_of(*reason, "cumulative_share")) : std::string(),
               std::to_string(count_of(*reason, "advised")), sentence_of(*reason, w)});
  }
  return table.empty() ? std::string() : w(Phrase::summary_reasons) + "\n" + table.text(view.data, 2);
}

std::string file_list(const boost::json::array& files, std::string_view key, Phrase head, const View& view) {
  if (files.empty()) return {};
  std::string out = view.words(head) + "\n";
  Table table({{""}, {""}});
  std::size_t shown = 0;
  for (const boost::json::value& element : files) {
    if (!element.is_object() || shown++ >= kShownMost) continue;
    table.row({text_of(element.get_object(), "file"), text_of(element.get_object(), key)});
  }
  out += table.text(view.data, 2);
  if (shown > kShownMost) out += "  " + view.words(Phrase::summary_more, {std::to_string(shown - kShownMost)}) + "\n";
  return out;
}

}  // namespace

Rendered render_check_summary(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out;
  if (count_of(answer, "pictures") == 0) {
    out.data = w(Phrase::summary_none, {std::to_string(count_of(answer, "skipped"))}) + "\n";
    return out;
  }
  out.data = w(Phrase::summary_head, {std::to_string(count_of(answer, "pictures")), std::to_string(count_of(answer, "pass")),
                                      std::to_string(count_of(answer, "advice")), std::to_string(count_of(answer, "fail")),
                                      std::to_string(count_of(answer, "unread"))}) +
             "\n";
  out.data += reasons_table(answer, view);
  out.data += file_list(list_of(answer, "refused"), "codes", Phrase::summary_refused, view);
  out.data += file_list(list_of(answer, "unread_files"), "code", Phrase::summary_unread, view);
  if (count_of(answer, "skipped") > 0)
    out.talk += w(Phrase::summary_skipped, {std::to_string(count_of(answer, "skipped"))}) + "\n";
  if (answer.contains("csv")) out.talk += w(Phrase::csv_written, {text_of(answer, "csv")}) + "\n";
  return out;
}

Rendered render_calibrate(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out;
  out.data =
      w(Phrase::calibrate_line, {std::to_string(count_of(answer, "people")), std::to_string(count_of(answer, "pairs")),
                                 std::to_string(number_of(answer, "cosine_at_80")).substr(0, 5), text_of(answer, "written")}) +
      "\n";
  const std::uint64_t without = count_of(answer, "without_face");
  if (without > 0) out.talk += view.talk.warn("!") + " " + w(Phrase::calibrate_without, {std::to_string(without)}) + "\n";
  return out;
}

Rendered render_crop(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  const auto whole = [](double value) { return std::to_string(std::llround(value)); };
  Rendered out;
  out.data = w(Phrase::crop_line,
               {text_of(answer, "file"), text_of(answer, "out"), whole(number_of(answer, "width")),
                whole(number_of(answer, "height")), size_text(count_of(answer, "bytes")), whole(number_of(answer, "quality"))}) +
             "\n";
  if (count_of(answer, "faces") == 0) out.talk += view.talk.warn("!") + " " + w(Phrase::crop_no_face) + "\n";
  if (flag_of(answer, "enlarged")) out.talk += view.talk.warn("!") + " " + w(Phrase::crop_enlarged) + "\n";
  if (!flag_of(answer, "in_window")) {
    out.talk += view.talk.warn("!") + " " +
                w(Phrase::crop_window, {size_text(count_of(answer, "bytes")), size_text(count_of(answer, "bytes_min")),
                                        size_text(count_of(answer, "bytes_max"))}) +
                "\n";
  }
  if (const boost::json::object* ground = object_of(answer, "ground")) out.talk += ground_lines(*ground, view);
  return out;
}

}  // namespace satchel::cli
