/** A colour as `#rrggbb`. */
export type Colour = `#${string}`;

/**
 * Contrast of two colours, 1 to 21: WCAG 2.2, "contrast ratio" and "relative luminance", with the sRGB threshold 0.04045 of
 * IEC 61966-2-1.
 */
export function contrast(a: Colour, b: Colour): number {
  const [first, second] = [luminance(a), luminance(b)];
  return (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05);
}

/** Red, green and blue, 0 to 255. */
export function rgb(colour: Colour): readonly [red: number, green: number, blue: number] {
  const bits = Number.parseInt(colour.slice(1), 16);
  return [(bits >> 16) & 255, (bits >> 8) & 255, bits & 255];
}

function luminance(colour: Colour): number {
  const [red, green, blue] = rgb(colour);
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function linear(part: number): number {
  const share = part / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}
