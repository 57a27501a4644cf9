#include "examples/portraits/look.h"

#include <array>

namespace satchel::examples {
namespace {

struct Named {
  std::string_view name;
  void (*draw)(Dice& dice, Look& look);
};

double side(Dice& dice) { return dice.chance(0.5) ? 1 : -1; }

constexpr std::array kLooks{
    Named{"closed-eyes", [](Dice&, Look& look) { look.eyes_open = 0; }},
    Named{"open-mouth", [](Dice& dice, Look& look) { look.mouth_open = dice.between(0.45, 1); }},
    Named{"laugh",
          [](Dice& dice, Look& look) {
            look.mouth_open = dice.between(0.4, 0.7);
            look.teeth = true;
          }},
    Named{"turned", [](Dice& dice, Look& look) { look.yaw_deg = side(dice) * dice.between(16, 24); }},
    Named{"chin-down", [](Dice& dice, Look& look) { look.pitch_deg = dice.between(14, 20); }},
    Named{"chin-up", [](Dice& dice, Look& look) { look.pitch_deg = -dice.between(14, 20); }},
    Named{"glasses", [](Dice&, Look& look) { look.eyewear = Eyewear::clear; }},
    Named{"glare", [](Dice&, Look& look) { look.eyewear = Eyewear::glare; }},
    Named{"tinted", [](Dice&, Look& look) { look.eyewear = Eyewear::tinted; }},
    Named{"top-light", [](Dice& dice, Look& look) { look.top_light = dice.between(0.8, 1); }},
    Named{"nose-shine", [](Dice& dice, Look& look) { look.nose_shine = dice.between(0.8, 1); }},
    Named{"colour-cast", [](Dice& dice, Look& look) { look.warmth = side(dice) * dice.between(0.8, 1); }},
    Named{"red-eye", [](Dice&, Look& look) { look.red_eye = true; }},
    Named{"curtain", [](Dice&, Look& look) { look.ground = Ground::curtain; }},
    Named{"lamp-from-side", [](Dice&, Look& look) { look.ground = Ground::lamp_from_side; }},
    Named{"shelf", [](Dice&, Look& look) { look.ground = Ground::shelf; }},
    Named{"wrong-ground", [](Dice&, Look& look) { look.ground = Ground::wrong_colour; }},
    Named{"wall-shadow", [](Dice&, Look& look) { look.ground = Ground::shadow; }},
    Named{"stripes", [](Dice&, Look& look) { look.clothes = Clothes::striped; }},
    Named{"ground-clothes", [](Dice&, Look& look) { look.clothes = Clothes::like_ground; }},
    Named{"beautified", [](Dice&, Look& look) { look.finish = Finish::beautified; }},
    Named{"from-screen", [](Dice&, Look& look) { look.finish = Finish::from_screen; }},
    Named{"bald", [](Dice&, Look& look) { look.hair = Hair::bald; }},
    Named{"fringe", [](Dice&, Look& look) { look.hair = Hair::fringe; }},
    Named{"elder", [](Dice& dice, Look& look) { look.age = 55 + dice.pick(20); }},
    Named{"dark-skin", [](Dice& dice, Look& look) { look.skin = dice.between(0.8, 1); }},
};

}  // namespace

Look harmless_lots(Dice& dice) {
  Look look;
  look.skin = dice.between(0, 1);
  look.age = 18 + dice.pick(52);
  look.hair = dice.chance(0.1) ? Hair::bald : dice.chance(0.2) ? Hair::fringe : Hair::as_drawn;
  look.eyewear = dice.chance(0.35) ? Eyewear::clear : Eyewear::none;
  look.yaw_deg = dice.between(-4, 4);
  look.pitch_deg = dice.between(-4, 4);
  look.eyes_open = dice.between(0.72, 1.2);
  look.gaze = dice.between(-0.3, 0.3);
  look.side_dark = dice.between(-0.15, 0.15);
  look.top_light = dice.between(0, 0.15);
  look.warmth = dice.between(-0.15, 0.15);
  look.noise = dice.between(0.5, 3);
  look.lens_blur_px = dice.between(0.35, 0.6);
  return look;
}

bool look_named(std::string_view name, Dice& dice, Look& out) {
  for (const Named& entry : kLooks) {
    if (entry.name != name) continue;
    entry.draw(dice, out);
    return true;
  }
  return false;
}

std::string_view look_names() noexcept {
  return "closed-eyes Q-EYES-CLOSED\nopen-mouth Q-MOUTH\nlaugh Q-MOUTH\nturned Q-TURNED\nchin-down Q-PITCH\nchin-up Q-PITCH\n"
         "glasses -\nglare Q-GLARE\ntinted Q-TINTED\ntop-light Q-TOP-LIGHT\nnose-shine Q-HIGHLIGHT\ncolour-cast Q-COLOUR\n"
         "red-eye Q-RED-EYE\ncurtain Q-BACKGROUND\nlamp-from-side Q-BACKGROUND-LIGHT\nshelf Q-BACKGROUND\n"
         "wrong-ground Q-BACKGROUND-COLOUR\nwall-shadow Q-BACKGROUND\nstripes Q-STRIPES\nground-clothes Q-CLOTHES-BACKGROUND\n"
         "beautified Q-BEAUTIFIED\nfrom-screen Q-RECAPTURE\nbald -\nfringe -\nelder -\ndark-skin -\n";
}

}  // namespace satchel::examples
