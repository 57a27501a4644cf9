#include "cli/console.h"

#include <boost/json/serialize.hpp>

#include "cli/document.h"
#include "cli/text.h"
#include "node/answer.h"

namespace satchel::cli {

Console::Console(Streams streams, Language language, bool json)
    : streams_(streams),
      json_(json),
      view_{Words(language), Paint(streams.colour && streams.out_is_terminal),
            Paint(streams.colour && streams.talk_is_terminal)} {}

void Console::print(const boost::json::object& document) { streams_.out << boost::json::serialize(document) << '\n'; }

void Console::answer(const boost::json::object& document) {
  progress({});
  if (!json_) {
    const Rendered rendered = render(document, view_);
    streams_.out << rendered.data;
    streams_.out.flush();  // what was asked for stands before what is said about it, when both go to one terminal
    streams_.talk << rendered.talk;
  } else if (document.contains("lines")) {
    for (const boost::json::value& line : list_of(document, "lines")) {
      if (line.is_object()) print(line.get_object());
    }
  } else {
    print(document);
  }
  streams_.out.flush();
}

void Console::error(const core::Error& error, std::string_view suggestion) {
  progress({});
  if (json_) {
    boost::json::object document = node::error_document(error);
    if (!suggestion.empty()) document["suggestion"] = suggestion;
    print(document);
  } else {
    streams_.talk << render_error(error, view_);
  }
  streams_.out.flush();
}

core::Exit Console::refuse(const core::Error& failed) {
  error(failed);
  return core::info(failed.code).exit;
}

void Console::say(std::string_view text) {
  progress({});
  streams_.talk << text;
}

void Console::progress(std::string_view line) {
  if (json_ || !streams_.talk_is_terminal || (line.empty() && progress_width_ == 0)) return;
  streams_.talk << '\r' << padded(line, progress_width_) << (line.empty() ? "\r" : "") << std::flush;
  progress_width_ = display_width(line);
}

bool Console::finish() {
  progress({});
  streams_.out.flush();
  streams_.talk.flush();
  return streams_.out.good();
}

}  // namespace satchel::cli
