// Interleaved measurement: every round runs every variant once, in shuffled order, for a calibrated number of calls.
// The result is a ratio: the median over rounds of CPU time against the base variant of the same round, with the
// 10th and 90th percentile as its spread. Absolute nanoseconds move with the load of the machine; ratios hardly do.

const roundCount = 25;
const roundMs = 12;

/**
 * @param {Record<string, (calls: number) => unknown>} variants each runs `calls` calls, and may return a promise
 * @param {string} base the variant that the others are compared with
 */
export async function interleave(variants, base) {
  const names = Object.keys(variants);
  const calls = {};
  for (const name of names) calls[name] = await calibrate(variants[name]);
  const cpu = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < roundCount; round++) {
    for (const name of shuffled(names)) cpu[name].push(await cpuPerCall(variants[name], calls[name]));
  }
  return names.map((name) => {
    const ratios = cpu[name].map((ns, round) => ns / cpu[base][round]);
    return {
      variant: name,
      'ns (p10)': round(quantile(cpu[name], 0.1)),
      // Of the undisturbed rounds of both: steadier than the median on a machine that others use.
      'ratio of p10': round(quantile(cpu[name], 0.1) / quantile(cpu[base], 0.1)),
      [`ratio to ${base}`]: round(quantile(ratios, 0.5)),
      spread: `${round(quantile(ratios, 0.1))}–${round(quantile(ratios, 0.9))}`,
    };
  });
}

/** One compiled loop for each variant, so that call sites do not share type feedback. */
export function loop(call) {
  return new Function(
    'call',
    'return (n) => { let s = 0; for (let i = 0; i < n; i++) s = (s + call(i)) | 0; return s; }',
  )(call);
}

export function asyncLoop(call) {
  return new Function(
    'call',
    'return async (n) => { let s = 0; for (let i = 0; i < n; i++) s = (s + (await call(i))) | 0; return s; }',
  )(call);
}

async function calibrate(run) {
  let calls = 64;
  for (;;) {
    const started = performance.now();
    await run(calls);
    const took = performance.now() - started;
    if (took >= roundMs) return Math.max(64, Math.round((calls * roundMs) / took));
    calls *= 2;
  }
}

async function cpuPerCall(run, calls) {
  const before = process.cpuUsage();
  await run(calls);
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / calls;
}

export function shuffled(names) {
  const order = [...names];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}

export function round(value) {
  return Number(value.toPrecision(3));
}
