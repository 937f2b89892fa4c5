'use strict';

const { callers, framesOf } = require('./report.cjs');
const { watchViews } = require('./views.cjs');

// `opentelemetry.js.api.MAJOR`: the one place where all copies of the API meet (api, internal/global-utils).
const key = Symbol.for('opentelemetry.js.api.1');

/** Stacks are taken of the first calls, and then of one in a hundred: a busy application calls ten thousand times a second. */
const manyCalls = 10_000;
const maxEarly = 200;

/** Watches what registers itself with the API, and what uses the API before. */
exports.observe = function observe(report) {
  let real = globalThis[key];
  let watched = real && watching(real, report);
  const early = earlyCalls(report);
  Object.defineProperty(globalThis, key, {
    configurable: true,
    enumerable: true,
    get() {
      if (real === undefined) early();
      return watched;
    },
    set(value) {
      if (value === watched) return;
      real = value;
      watched = value && watching(value, report);
    },
  });
};

/** The object that holds what is registered: each change of it, and which copy of the API reads it. */
function watching(target, report) {
  const copy = readers(report);
  const diag = watchedDiag(report);
  const set = (_of, name, value) => {
    Object.defineProperty(target, name, { value, configurable: true, enumerable: true, writable: true });
    report({ kind: 'registered', type: String(name), by: callers() });
    if (name === 'metrics') watchViews(value, report);
    return true;
  };
  // The first registration writes to the object that it has just made, and not to what the global gives: a property that is
  // not there is looked for in the prototype.
  Object.setPrototypeOf(target, new Proxy(Object.prototype, { set }));
  return new Proxy(target, {
    get(of, name) {
      if (name === 'version') copy();
      return name === 'diag' ? diag(of.diag) : of[name];
    },
    set,
  });
}

/** Reports each file that reads the version: one a copy of the API, or the bundle that holds it. */
function readers(report) {
  const known = new Set();
  let calls = 0;
  return () => {
    calls++;
    if (calls > manyCalls && calls % 100 !== 0) return;
    const [caller] = callers(1);
    const file = caller && /\(?((?:file:|\/|[A-Z]:\\)[^()]*?):\d+:\d+\)?$/.exec(caller)?.[1];
    if (!file || known.has(file)) return;
    known.add(file);
    report({ kind: 'copy', file });
  };
}

/** Spans that are started, and meters that are taken, while nothing is registered: the API gives them away. */
function earlyCalls(report) {
  let reported = 0;
  return () => {
    if (reported >= maxEarly) return;
    const by = callers();
    const what = earlyUse(by);
    if (what === undefined) return;
    reported++;
    report({ kind: 'early', what, by: by.filter((frame) => !/[/\\]@opentelemetry[/\\]api[/\\]/.test(frame)) });
  };
}

function earlyUse(frames) {
  // The caller of a new span asks for the active context within NoopTracer.startSpan.
  if (frames.some((frame) => /\bNoopTracer\.startSpan\b/.test(frame))) return 'span';
  if (frames.some((frame) => /\bMetricsAPI\.getMeter\b/.test(frame))) return 'meter';
  return undefined;
}

const levels = ['error', 'warn', 'info', 'debug', 'verbose'];

/** The logger of the API: what it receives is looked at, and passed on. */
function watchedDiag(report) {
  const known = new WeakMap();
  const ours = loggerTo(undefined, report);
  return (real) => {
    if (real === undefined) {
      // `diag.setLogger` would warn that it replaces a logger.
      return callers().some((frame) => /\bsetLogger\b/.test(frame)) ? undefined : ours;
    }
    if (!known.has(real)) known.set(real, loggerTo(real, report));
    return known.get(real);
  };
}

function loggerTo(real, report) {
  const logger = {};
  for (const level of levels) {
    logger[level] = (...given) => {
      const event = eventOf(given);
      if (event) report(event);
      return real?.[level]?.(...given);
    };
  }
  return logger;
}

/** What a message of the API, the SDK or an instrumentation means, by the words that they use. */
function eventOf(given) {
  const text = given.map((part) => (typeof part === 'string' ? part : '')).join(' ');
  const duplicate = /Attempted duplicate registration of API: (\w+)/.exec(text);
  if (duplicate) return { kind: 'refused', type: duplicate[1], reason: 'duplicate', by: framesOf(text) };
  const version = /Registration of version v(\S+) for (\w+) does not match previously registered API v(\S+)/.exec(text);
  if (version) {
    return {
      kind: 'refused',
      type: version[2],
      reason: 'version',
      versions: [version[1], version[3]],
      by: framesOf(text),
    };
  }
  const conflict = /A view or instrument with the name\s+(\S+)\s+has already been registered/.exec(text);
  if (conflict) return { kind: 'conflict', instrument: conflict[1], text: text.slice(0, 2_000) };
  if (!text.includes('Applying instrumentation patch')) return undefined;
  const module = given.find((part) => typeof part === 'object' && part !== null)?.module;
  return module === 'pino' ? { kind: 'patched', module } : undefined;
}
