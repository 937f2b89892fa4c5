/** Characters that are not shown, and that XML does not allow or that turn the direction of a text around. */
const unshown = /[\p{C}\p{Zl}\p{Zp}]/gu;
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text from outside for HTML, SVG and their attributes: it is shown and never becomes a part of them. */
export function markup(text: string): string {
  return text.replace(unshown, '·').replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}
