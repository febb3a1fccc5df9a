/*
 * The colours, derived from the brand colour of the page.
 *
 * A brand colour comes from outside, so its contrast is computed, not hoped for (WCAG 2.2, 1.4.3).
 * The element asks me for a palette whenever it dresses. I know nothing of rules and shapes.
 */

const ACCENT = "#0f5666";
const SHADES = {
  light: {
    surface: "#ffffff", ground: "#f5f7f8", text: "#1a2126", muted: "#545f69",
    line: "#d7dde2", edge: "#78838d", alarm: "#a8231b",
  },
  dark: {
    surface: "#1c2328", ground: "#14191d", text: "#e9edf0", muted: "#a9b4bd",
    line: "#364048", edge: "#818d97", alarm: "#ffb4a9",
  },
};

const channels = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
const mix = (a, b, share) => a.map((x, i) => Math.round(x + (b[i] - x) * share));
const css = (rgb) => `rgb(${rgb.join(" ")})`;

function luminance(rgb) {
  const [r, g, b] = rgb.map((x) => (x / 255 <= 0.04045 ? x / 255 / 12.92 : ((x / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a, b) {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** The colour, moved towards black or white until it can be read on every one of the grounds. */
function readable(colour, grounds) {
  const goal = luminance(grounds[0]) > 0.18 ? [0, 0, 0] : [255, 255, 255];
  for (let share = 0; share < 1; share += 0.05) {
    const tried = mix(colour, goal, share);
    if (grounds.every((ground) => contrast(tried, ground) >= 4.6)) return tried;
  }
  return goal;
}

/** Any colour a canvas understands as #rrggbb, or the default. */
function hexOf(colour) {
  if (!colour || !CSS.supports("color", colour)) return ACCENT;
  const canvas = document.createElement("canvas").getContext("2d");
  if (!canvas) return ACCENT;
  canvas.fillStyle = ACCENT;
  canvas.fillStyle = colour;
  return /^#[0-9a-f]{6}$/.test(canvas.fillStyle) ? canvas.fillStyle : ACCENT;
}

function palette(accentName, scheme) {
  const shades = SHADES[scheme];
  const accent = channels(hexOf(accentName));
  const surface = channels(shades.surface);
  // How much of the brand is in the customer's own bubbles.
  let share = scheme === "dark" ? 0.42 : 0.12;
  while (contrast(mix(surface, accent, share), channels(shades.text)) < 7) share -= 0.02;
  const own = mix(surface, accent, share);
  const ink = readable(accent, [surface, channels(shades.ground), own]);
  const onAccent = contrast(accent, [255, 255, 255]) >= 4.5 ? "#ffffff" : "#000000";
  const tokens = { ...shades, accent: css(accent), "on-accent": onAccent, ink: css(ink), own: css(own) };
  const lines = Object.entries(tokens).map(([name, value]) => `--${name}: ${value};`);
  return `:host { color-scheme: ${scheme}; ${lines.join(" ")} }`;
}
