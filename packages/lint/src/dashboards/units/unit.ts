/** What a number counts in: powers of base units, and how many of it make one of them. */
export interface Unit {
  /** `J s-1`: powers of base units by name. Empty for shares and counts. */
  readonly dimension: string;
  /** Factor on the base unit: milliseconds have 1000, percent 100. */
  readonly scale: number;
  /** Things are counted: `{request}`. */
  readonly isCount: boolean;
  /** Of buckets: the unit of what they count. */
  readonly observed?: Unit;
}

type Powers = Readonly<Record<string, number>>;

/** UCUM codes that metrics have, as powers of base units. Source: ucum.org. */
const codes: ReadonlyMap<string, { readonly powers: Powers; readonly scale?: number }> = new Map(
  Object.entries({
    '1': { powers: {} },
    '%': { powers: {}, scale: 100 },
    W: { powers: { J: 1, s: -1 } },
    mW: { powers: { J: 1, s: -1 }, scale: 1000 },
    J: { powers: { J: 1 } },
    mJ: { powers: { J: 1 }, scale: 1000 },
    V: { powers: { V: 1 } },
    A: { powers: { A: 1 } },
    Cel: { powers: { Cel: 1 } },
    rpm: { powers: { rpm: 1 } },
    Hz: { powers: { s: -1 } },
    s: { powers: { s: 1 } },
    ms: { powers: { s: 1 }, scale: 1000 },
    us: { powers: { s: 1 }, scale: 1e6 },
    ns: { powers: { s: 1 }, scale: 1e9 },
    min: { powers: { s: 1 }, scale: 1 / 60 },
    h: { powers: { s: 1 }, scale: 1 / 3600 },
    d: { powers: { s: 1 }, scale: 1 / 86_400 },
    By: { powers: { By: 1 } },
    bit: { powers: { By: 1 }, scale: 8 },
  }),
);

export const countOf: Unit = { dimension: '', scale: 1, isCount: true };
export const share: Unit = { dimension: '', scale: 1, isCount: false };
export const seconds: Unit = { dimension: 's', scale: 1, isCount: false };

/** The unit of a UCUM code such as `W`, `By/s`, `{request}/s`. Undefined where it is not known. */
export function unitOfCode(code: string): Unit | undefined {
  const [top = '', ...below] = code.split('/');
  const parts = [part(top), ...below.map(part)];
  if (parts.some((each) => each === undefined)) return undefined;
  return (parts as Unit[]).reduce(divided);
}

function part(code: string): Unit | undefined {
  if (/^\{[^{}]*\}$/.test(code)) return code === '{USD}' ? { dimension: 'USD', scale: 1, isCount: false } : countOf;
  const known = codes.get(code.replace(/\{[^{}]*\}$/, ''));
  return known === undefined ? undefined : { dimension: textOf(known.powers), scale: known.scale ?? 1, isCount: false };
}

export function divided(a: Unit, b: Unit): Unit {
  return combined(a, b, -1);
}

export function multiplied(a: Unit, b: Unit): Unit {
  return combined(a, b, 1);
}

export function scaled(unit: Unit, by: number): Unit {
  return { ...unit, scale: unit.scale * by };
}

/** Of two that mean the same, rounding apart. */
export function isSame(a: Unit, b: Unit): boolean {
  return a.dimension === b.dimension && Math.abs(a.scale / b.scale - 1) < 1e-3;
}

function combined(a: Unit, b: Unit, sign: 1 | -1): Unit {
  const powers: Record<string, number> = { ...powersOf(a) };
  for (const [name, power] of Object.entries(powersOf(b))) powers[name] = (powers[name] ?? 0) + sign * power;
  const dimension = textOf(powers);
  return {
    dimension,
    scale: sign === 1 ? a.scale * b.scale : a.scale / b.scale,
    // Requests a second stay a count of requests; requests by requests are a share.
    isCount: a.isCount && !b.isCount,
    ...(a.observed === undefined ? {} : { observed: a.observed }),
  };
}

function powersOf({ dimension }: Unit): Powers {
  return Object.fromEntries(
    dimension.split(' ').flatMap((word) => {
      const match = /^([A-Za-z]+)(-?\d*)$/.exec(word);
      return match === null ? [] : [[match[1] ?? '', Number(match[2] || 1)] as const];
    }),
  );
}

function textOf(powers: Powers): string {
  return Object.entries(powers)
    .filter(([, power]) => power !== 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, power]) => `${name}${power === 1 ? '' : power}`)
    .join(' ');
}
