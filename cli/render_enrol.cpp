#include "cli/document.h"
#include "cli/render_parts.h"

// Enrolment, and the two documents that the command line makes itself.
namespace satchel::cli {

Rendered render_hub(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out;
  out.data = w(Phrase::hub_made, {text_of(answer, "campaign")}) + "\n" + w(Phrase::hub_id, {text_of(answer, "id")}) + "\n" +
             w(Phrase::hub_recovery, {text_of(answer, "recovery_key")}) + "\n";
  out.talk = next_step(w(Phrase::hub_next));
  return out;
}

Rendered render_request(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  return {w(Phrase::request_made, {text_of(answer, "name"), text_of(answer, "request")}) + "\n" +
              w(Phrase::fingerprint, {text_of(answer, "fingerprint")}) + "\n",
          next_step(w(Phrase::request_next))};
}

Rendered render_enroll(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  const std::string number = std::to_string(count_of(answer, "number"));
  return {w(Phrase::enrolled, {text_of(answer, "name"), w.role(text_of(answer, "role")), number, text_of(answer, "card")}) +
              "\n" + w(Phrase::fingerprint, {text_of(answer, "fingerprint")}) + "\n",
          next_step(w(Phrase::enroll_next))};
}

Rendered render_join(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  const std::string number = std::to_string(count_of(answer, "number"));
  return {w(Phrase::joined_campaign,
            {text_of(answer, "campaign"), text_of(answer, "name"), w.role(text_of(answer, "role")), number}) +
              "\n",
          next_step(w(Phrase::join_next))};
}

Rendered render_run(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out;
  // The same in every language: scripts wait for this line.
  const std::string listen = text_of(answer, "listen");
  out.data = listen.empty() ? "ready\n" : "listening on " + listen + "\n";
  out.talk = w(Phrase::run_ready, {w.role(text_of(answer, "role")), text_of(answer, "name")}) + "\n";
  return out;
}

Rendered render_version(const boost::json::object& answer, const View&) {
  return {"satchel " + text_of(answer, "version") + "\n", {}};
}

}  // namespace satchel::cli
