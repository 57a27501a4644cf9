// The plaintext of one frame, from a member that may have turned.
#include "core/base/check.h"
#include "protocol/session/messages.h"

using namespace satchel;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto messages = protocol::decode_frame({data, size});
  if (!messages) return 0;
  SATCHEL_CHECK(messages->size() <= size);
  core::Bytes again;
  for (const protocol::Message& message : *messages) {
    // A code that this build does not know is read as another, and so is written as another.
    if (const auto* answer = std::get_if<protocol::Answer>(&message); answer && answer->kind == protocol::MessageKind::refuse)
      return 0;
    if (std::holds_alternative<protocol::Bye>(message)) return 0;
    protocol::append_message(again, message);
  }
  SATCHEL_CHECK(core::same_bytes(again, {data, size}));
  return 0;
}
