/** `name=x`, `name = x`, `name="x y"`, as gst-launch-1.0 takes properties apart. */
const assigned = /(?:^|\s)name\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s!]+))/g;

/** The names that a pipeline gives to its elements and bins, without those that GStreamer and its bins generate. */
export function gstNames(pipeline: readonly string[]): ReadonlySet<string> {
  const names = new Set<string>();
  const others: string[] = [];
  for (const word of pipeline) {
    // A word of its own has any characters: the shell has removed its quotes, and gst-launch-1.0 takes it as it is. Quotes
    // without a blank may be the half of a text that was taken apart at its blanks.
    const isWhole = /\s/.test(word) || !/["']/.test(word);
    if (pipeline.length > 1 && isWhole && /^name=./s.test(word)) names.add(unquoted(word.slice('name='.length)));
    else others.push(word);
  }
  for (const [, doubled, single, bare] of others.join(' ').matchAll(assigned)) {
    names.add((doubled ?? single ?? bare ?? '').replace(/\\(.)/g, '$1'));
  }
  return names;
}

/**
 * Bins get their name after they were made, so the trace has them as `bin0`, `bin1`: in the order in which their brackets
 * close. Returns the name that the pipeline gives to each.
 */
export function binNames(pipeline: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const open: { name?: string; isStart: boolean }[] = [];
  let closed = 0;
  for (const word of pipeline.flatMap((each) => (pipeline.length === 1 ? each.split(/\s+/) : [each]))) {
    if (word === '(' || word === 'bin.(') {
      open.push({ isStart: true });
      continue;
    }
    const bin = open.at(-1);
    if (bin === undefined) continue;
    if (word === ')') {
      open.pop();
      if (bin.name !== undefined) names.set(`bin${closed}`, bin.name);
      closed++;
    } else if (bin.isStart && word.startsWith('name=')) bin.name = unquoted(word.slice('name='.length));
    // Its properties come before its first element.
    else if (!word.includes('=')) bin.isStart = false;
  }
  return names;
}

function unquoted(text: string): string {
  const [, quote, inner] = /^(["'])(.*)\1$/s.exec(text) ?? [];
  if (inner === undefined) return text;
  return quote === '"' ? inner.replace(/\\(.)/g, '$1') : inner;
}
