/** `name=x`, `name = x`, `name="x y"`, as gst-launch-1.0 takes properties apart. */
const assigned = /(?:^|\s)name\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s!]+))/g;

/** The names that a pipeline gives to its elements, without those that GStreamer and its bins generate. */
export function gstNames(pipeline: readonly string[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [, doubled, single, bare] of pipeline.join(' ').matchAll(assigned)) {
    names.add((doubled ?? single ?? bare ?? '').replace(/\\(.)/g, '$1'));
  }
  // The shell has removed the quotes of `name="x y"`.
  for (const word of pipeline)
    if (word.startsWith('name=') && !/["']/.test(word)) names.add(word.slice('name='.length));
  return names;
}
