'use strict';

const cluster = require('node:cluster');
const { appendFileSync } = require('node:fs');
const { join } = require('node:path');
const { isMainThread, threadId } = require('node:worker_threads');

const maxLines = 2_000;
const maxFrames = 8;

/** A function that appends one line of JSON to the file of this thread, and counts what is beyond the bound. */
exports.reporter = function reporter(folder, suffix = '') {
  const file = join(folder, `${process.pid}.${threadId}${suffix}.jsonl`);
  let lines = 0;
  const report = (event) => {
    lines++;
    if (lines > maxLines) return;
    const last = lines === maxLines ? { kind: 'cut' } : event;
    try {
      appendFileSync(file, `${JSON.stringify({ ...last, atMs: Math.round(performance.now() * 1e3) / 1e3 })}\n`);
    } catch {
      // The folder is gone: doctor has ended.
    }
  };
  report({
    kind: 'process',
    pid: process.pid,
    parent: process.ppid,
    node: process.version,
    program: process.argv[1],
    isMainThread,
    isWorker: cluster.isWorker,
    loaders: loaders(),
  });
  return report;
};

/** Loaders that the command line names, which see imports before the application does. */
function loaders() {
  const given = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(/\s+/)];
  return given.some((word) => /^--(?:experimental-)?loader/.test(word));
}

/** Callers, innermost first, without this folder: `name (file:line:column)`. */
exports.callers = function callers(limit = maxFrames) {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = limit + 4;
  const { stack } = new Error();
  Error.stackTraceLimit = before;
  return exports.framesOf(stack).slice(0, limit);
};

exports.framesOf = function framesOf(stack) {
  return String(stack)
    .split('\n')
    .filter((line) => /^\s+at /.test(line) && !line.includes(__dirname))
    .map((line) => line.trim().slice(3, 603))
    .slice(0, maxFrames);
};
