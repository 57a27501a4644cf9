#include "tests/sim/meeting.h"

namespace satchel::tests {

namespace {

/// The caller goes when nothing was left to do for so long, unless the line's meetings stay.
constexpr std::int64_t kIdleUs = 3 * kSecond;
/// What is said last may take so long to leave.
constexpr std::int64_t kLastWordsUs = 5 * kSecond;
/// One change in so many pieces on a meddled line.
constexpr std::uint64_t kMeddleOneIn = 60;
constexpr std::size_t kRoundsMost = 1'000'000;  // a liar that drips hands over its 200 KB a byte at a time

}  // namespace

void Meeting::run() {
  std::size_t rounds = 0;
  for (bool more = true; more;) {
    SATCHEL_CHECK(++rounds < kRoundsMost);  // time would stand still
    more = mind(0);
    more |= mind(1);
    more |= move();
  }
}

/// Deadlines and ends of one talker.
bool Meeting::mind(std::size_t at) {
  MeetingEnd& end = ends[at];
  if (end.gone()) return false;
  if (!end.closing && end.talker->failure()) {
    end.closing = end.gave_up = true;
    end.closing_since = now();
  }
  if (!end.closing && end.talker->deadline() <= mono(at)) {
    end.talker->wake(mono(at));
    owner_.changed(*this, at);
    return !end.gone();
  }
  if (end.closing) {
    if (!end.talker->pending().empty() && now() - end.closing_since < kLastWordsUs) return false;
    const auto why = end.talker->failure();
    hang_up(at);
    drop(at, why);
    return true;
  }
  if (!end.talker->idle()) {
    end.idle_since.reset();
  } else if (end.talker->outdated()) {
    end.closing = true;
    end.closing_since = now();
    return true;
  } else if (at == 0 && !line_.plan.stays) {
    if (!end.idle_since) end.idle_since = now();
    if (now() - *end.idle_since >= kIdleUs) {
      end.closing = true;
      end.closing_since = now();
      return true;
    }
  }
  return false;
}

std::optional<core::MonoUs> Meeting::next_at() const {
  std::optional<core::MonoUs> out = carrier_next_at();
  const auto no_later = [&](core::MonoUs at) {
    if (!out || at < *out) out = at;
  };
  for (std::size_t at = 0; at < 2; ++at) {
    const MeetingEnd& end = ends[at];
    if (end.gone()) continue;
    if (end.closing) {
      no_later(end.closing_since + kLastWordsUs);
      continue;
    }
    const std::int64_t wait_ms = std::max<std::int64_t>(0, end.talker->deadline() - mono(at));
    no_later(now() + wait_ms * kMs + kMs);
    if (end.idle_since) no_later(*end.idle_since + kIdleUs);
  }
  return out;
}

void Meeting::give(std::size_t to, core::ByteView bytes) {
  MeetingEnd& end = ends[to];
  if (end.gone() || end.talker->failure()) return;
  owner_.arrived(*this, to, bytes);
  end.talker->receive(bytes, mono(to));
  owner_.changed(*this, to);
}

void Meeting::drop(std::size_t at, const std::optional<core::Error>& why) {
  MeetingEnd& end = ends[at];
  if (end.gone()) return;
  owner_.ended(*this, at, why);
  end.talker.reset();
}

bool Meeting::meddle(core::Bytes& bytes) {
  if (!line_.plan.meddled || bytes.empty() || rng_.below(kMeddleOneIn) != 0) return false;
  switch (rng_.below(3)) {
    case 0: bytes[rng_.below(bytes.size())] ^= static_cast<std::uint8_t>(1 + rng_.below(255)); break;
    case 1: bytes.resize(rng_.below(bytes.size())); break;
    default: {  // said twice
      const core::Bytes again = bytes;
      core::append(bytes, again);
    }
  }
  disturbed = true;
  return true;
}

namespace {

/// Handed to the line at a time, as the program does over TCP.
constexpr std::size_t kPiece = 4 * 1024;
constexpr std::size_t kSlowPiece = 1'400;

class StreamMeeting final : public Meeting {
 public:
  using Meeting::Meeting;

  void cut(std::size_t at) override {
    tell(1 - at);
    if (!ends[at].gone()) drop(at, ends[at].talker->ended());
  }
  void lose(std::size_t at, bool told) override {
    ends[at].talker.reset();
    if (told) tell(1 - at);
  }
  void weather_changed() override {}
  std::uint64_t wire_bytes() const override { return bytes_; }

 protected:
  bool move() override {
    bool moved = false;
    for (std::size_t from = 0; from < 2; ++from) {
      moved |= transmit(from);
      moved |= deliver(from);
    }
    return moved;
  }
  std::optional<core::MonoUs> carrier_next_at() const override {
    std::optional<core::MonoUs> out;
    const auto no_later = [&](core::MonoUs at) {
      if (!out || at < *out) out = at;
    };
    for (std::size_t from = 0; from < 2; ++from) {
      const Way& way = ways_[from];
      if (!line_.up(from)) continue;  // what is on it waits, as TCP's would
      if (way.leaves_at) no_later(*way.leaves_at);
      if (!way.flying.empty()) no_later(way.flying.front().at);
      if (way.end_at && way.flying.empty()) no_later(*way.end_at);
    }
    return out;
  }
  void hang_up(std::size_t at) override { tell(1 - at); }

 private:
  struct Flying {
    core::MonoUs at;
    core::Bytes bytes;
  };
  struct Way {
    std::optional<core::MonoUs> leaves_at;
    core::Bytes leaving;
    std::deque<Flying> flying;
    std::optional<core::MonoUs> end_at;  ///< the end of the stream arrives
  };

  /// The end of the stream goes towards `to`, behind what is on the way.
  void tell(std::size_t to) {
    Way& way = ways_[1 - to];
    if (!way.end_at) way.end_at = now() + line_.plan.delay_us;
  }
  bool transmit(std::size_t from) {
    Way& way = ways_[from];
    if (!line_.up(from)) return false;
    bool moved = false;
    if (way.leaves_at && *way.leaves_at <= now()) {
      const std::size_t size = way.leaving.size();
      bytes_ += size;
      meddle(way.leaving);
      way.flying.push_back({now() + line_.plan.delay_us, std::move(way.leaving)});
      way.leaves_at.reset();
      moved = true;
      MeetingEnd& sender = ends[from];
      if (!sender.gone()) {
        sender.talker->sent(size, mono(from));
        owner_.changed(*this, from);
      }
    }
    const MeetingEnd& sender = ends[from];
    if (way.leaves_at || sender.gone()) return moved;
    const core::ByteView pending = sender.talker->pending();
    if (pending.empty()) return moved;
    const std::uint64_t rate = line_.rate(from);
    const core::ByteView piece = pending.first(std::min(pending.size(), rate > 100'000 ? kPiece : kSlowPiece));
    way.leaving = core::to_bytes(piece);
    way.leaves_at = now() + static_cast<std::int64_t>(piece.size() * 8'000'000 / rate);
    return true;
  }
  bool deliver(std::size_t from) {
    Way& way = ways_[from];
    const std::size_t to = 1 - from;
    if (!line_.up(from)) return false;
    if (!way.flying.empty() && way.flying.front().at <= now()) {
      const core::Bytes bytes = std::move(way.flying.front().bytes);
      way.flying.pop_front();
      give(to, bytes);
      return true;
    }
    if (way.end_at && *way.end_at <= now() && way.flying.empty()) {
      way.end_at.reset();
      if (ends[to].gone()) return true;
      drop(to, ends[to].talker->ended());
      return true;
    }
    return false;
  }

  std::array<Way, 2> ways_;
  std::uint64_t bytes_ = 0;
};

}  // namespace

std::unique_ptr<Meeting> stream_meeting(MeetingOwner& owner, const EventQueue& events, LineState& line, SeededRng& rng,
                                        std::array<MeetingEnd, 2> ends) {
  return std::make_unique<StreamMeeting>(owner, events, line, rng, std::move(ends));
}

}  // namespace satchel::tests
