// Loaded into every Node process of a CI run (NODE_OPTIONS): writes down which programs it starts, by their paths, into the
// file of CI_PROGRAMS_LOG. Changes nothing else. What other programs start is not seen.
'use strict';
const childProcess = require('node:child_process');
const { accessSync, appendFileSync, constants } = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const { join } = require('node:path');

const log = process.env.CI_PROGRAMS_LOG;
const written = new Set();
if (log) record();

function record() {
  // spawn, exec, execFile and fork all come through here.
  const { spawn } = childProcess.ChildProcess.prototype;
  childProcess.ChildProcess.prototype.spawn = function (options) {
    const path = options?.envPairs?.find((pair) => pair.startsWith('PATH='))?.slice('PATH='.length);
    write(options?.file, path);
    if (/\bsh$/.test(options?.file)) writeShell(options?.args?.at(-1), path);
    return spawn.call(this, options);
  };
  for (const name of ['spawnSync', 'execFileSync']) {
    const original = childProcess[name];
    childProcess[name] = (file, ...rest) => {
      write(file, rest.find((value) => value?.env)?.env.PATH);
      return original(file, ...rest);
    };
  }
  const { execSync } = childProcess;
  childProcess.execSync = (command, options) => {
    writeShell(command, options?.env?.PATH);
    return execSync(command, options);
  };
  syncBuiltinESMExports();
}

/** The first program of a shell command. */
function writeShell(command, path) {
  write(/^\s*(?:\w+=\S+\s+)*([\w./+-]+)/.exec(command ?? '')?.[1], path);
}

function write(file, path = process.env.PATH) {
  if (typeof file !== 'string') return;
  const candidates = file.includes('/') ? [file] : (path ?? '').split(':').map((folder) => join(folder, file));
  const found = candidates.find(isProgram);
  if (!found || written.has(found)) return;
  written.add(found);
  try {
    appendFileSync(log, `${found}\n`);
  } catch {
    // The log is gone with the run that this process outlived, or this process may not write: it must not fail by that.
  }
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
